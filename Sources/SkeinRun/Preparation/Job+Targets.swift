import SkeinConfig
import SkeinData
import SkeinModel

extension Job {
  /// The loss of this job on targets of `kind`: its own, or what suits them.
  func loss(for kind: TargetKind) -> LossOptions { loss ?? LossOptions(.standard(for: kind)) }

  /// What a network of this job is trained for.
  ///
  /// - Parameter values: the outputs' names and units, where targets are values.
  /// - Precondition: the loss fits the targets, and its class weights are a list.
  func objective(for kind: TargetKind, values: ValueTargets?) -> any Objective {
    loss(for: kind).objective(for: kind, values: values)
  }

  /// This job with what it leaves to the dataset's targets: its loss, with the weights of named
  /// classes as a list, and for values what the best checkpoint is chosen by, as they have no
  /// accuracy.
  ///
  /// - Throws: `JobTargetError` for a loss or a metric that does not fit the targets.
  func decided(for manifest: Manifest) throws(JobTargetError) -> Job {
    var job = self
    let loss = loss(for: manifest.target)
    guard loss.kind.fits(manifest.target) else {
      throw JobTargetError(.kind, key: "loss", value: loss.kind.rawValue, manifest: manifest)
    }
    job.loss = loss
    if let weights = loss.classWeights {
      job.loss?.classWeights = try weights.listed(for: manifest)
    }
    guard manifest.targets != nil else { return job }
    if checkpoint.best == .testAccuracy { job.checkpoint.best = .testLoss }
    if checkpoint.best == .validationAccuracy { job.checkpoint.best = .validationLoss }
    let metrics = [
      ("checkpoint.best", job.checkpoint.best), ("schedule.metric", schedule.metric),
      ("training.earlyStop", training.earlyStop?.metric),
    ]
    for (key, metric) in metrics {
      guard let metric, metric.isAccuracy else { continue }
      throw JobTargetError(.kind, key: key, value: metric.rawValue, manifest: manifest)
    }
    return job
  }
}
