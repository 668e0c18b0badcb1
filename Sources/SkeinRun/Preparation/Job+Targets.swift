import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel

extension Job {
  /// The loss of this job on targets of `kind`: its own, or what suits them.
  func loss(for kind: TargetKind) -> Loss { loss ?? .standard(for: kind) }

  /// What a network of this job is trained for.
  ///
  /// - Parameter values: the outputs' names and units, where targets are values.
  /// - Precondition: the loss fits the targets.
  func objective(for kind: TargetKind, values: ValueTargets?) -> any Objective {
    loss(for: kind).objective(for: kind, values: values)
  }

  /// This job with what it leaves to the dataset's targets: its loss, and for values what the best
  /// checkpoint is chosen by, as they have no accuracy.
  ///
  /// - Throws: `JobTargetError` for a loss or a metric that does not fit the targets.
  func decided(for manifest: Manifest) throws(JobTargetError) -> Job {
    var job = self
    let loss = loss(for: manifest.target)
    guard loss.fits(manifest.target) else {
      throw JobTargetError(key: "loss", value: loss.rawValue, manifest: manifest)
    }
    job.loss = loss
    guard manifest.targets != nil else { return job }
    if checkpoint.best == .testAccuracy { job.checkpoint.best = .testLoss }
    if checkpoint.best == .validationAccuracy { job.checkpoint.best = .validationLoss }
    let metrics = [
      ("checkpoint.best", job.checkpoint.best), ("schedule.metric", schedule.metric),
      ("training.earlyStop", training.earlyStop?.metric),
    ]
    for (key, metric) in metrics {
      guard let metric, metric.isAccuracy else { continue }
      throw JobTargetError(key: key, value: metric.rawValue, manifest: manifest)
    }
    return job
  }
}

/// A key of a job has a value that does not fit the dataset's targets. The command line ends with
/// exit code 2.
public struct JobTargetError: ExitCoded, Sendable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 2 }

  /// The path of the key, such as "loss".
  public let key: String
  /// Its value.
  public let value: String
  let manifest: Manifest

  /// What does not fit, and what to write, in one line.
  public var description: String {
    let dataset = manifest.name.printable()
    let fitting = Loss.allCases.filter { $0.fits(manifest.target) }.map(\.rawValue)
    let losses = fitting.dropLast().joined(separator: ", ") + " or " + (fitting.last ?? "")
    guard let targets = manifest.targets else {
      return "\(key): \(value) is for values, and the targets of \(dataset) are "
        + "\(counted(manifest.classes.count, "class", "classes")): write \(losses); where its "
        + "labels are quantities, pack them with skein data pack --regression"
    }
    let names = targets.names.prefix(8).map { $0.printable(limit: 40) }.joined(separator: ", ")
    let more = targets.names.count > 8 ? ", …" : ""
    return "\(key): \(value) is for classes, and the targets of \(dataset) are "
      + "\(counted(targets.names.count, "value")) (\(names)\(more)): write "
      + (key == "loss"
        ? "\(losses), or leave it out for \(Loss.standard(for: manifest.target).rawValue)"
        : "testLoss or trainLoss")
  }
}
