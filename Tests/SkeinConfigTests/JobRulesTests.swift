import Testing

@testable import SkeinConfig

/// What must hold between keys: each rule is broken, blamed on its key, and kept.
@Suite struct JobRulesTests {
  /// What a job file says beyond the required keys, the key that is to blame, and what the message
  /// says.
  static let broken: [(sections: String, key: String, says: String)] = [
    ("optimizer: {nesterov: true}", "optimizer.nesterov", "needs an optimizer.momentum above 0"),
    (
      "loss: {kind: meanSquaredError, labelSmoothing: 0.1}", "loss",
      "labelSmoothing is for crossEntropy, and this job's loss is meanSquaredError"
    ),
    (
      "loss: {kind: huber, classWeights: balanced}", "loss",
      "classWeights are for losses of classes, and huber is one of values"
    ),
    ("schedule: {kind: step}", "schedule.every", "epochs between two falls"),
    ("schedule: {kind: exponential}", "schedule.factor", "a schedule of kind exponential needs it"),
    (
      "schedule: {kind: oneCycle, warmupEpochs: 5}\ntraining: {epochs: 5}",
      "schedule.warmupEpochs", "the rise never ends: the training has 5 epochs"
    ),
    (
      "schedule: {kind: step, every: 5}\ntraining: {epochs: 5}", "schedule.every",
      "the rate never falls: the training has 5 epochs"
    ),
    (
      "schedule: {kind: step, every: 4, warmupEpochs: 1}\ntraining: {epochs: 5}",
      "schedule.every", "the rate never falls: the training has 5 epochs"
    ),
    (
      "schedule: {kind: plateau, patience: 4}\ntraining: {epochs: 5}", "schedule.patience",
      "the rate never falls: the training has 5 epochs"
    ),
    ("checkpoint: {best: validationLoss}", "checkpoint.best", "there are no validation samples"),
    (
      "schedule: {kind: plateau, patience: 1, metric: validationAccuracy}", "schedule.metric",
      "there are no validation samples"
    ),
    (
      "training: {earlyStop: {patience: 1, metric: validationLoss}}", "training.earlyStop",
      "there are no validation samples"
    ),
    (
      "optimizer: {kind: adamW, momentum: 0.9}", "optimizer.momentum",
      "it is for optimizer.kind sgd, and this job's is adamW"
    ),
    (
      "optimizer: {kind: adam, nesterov: true}", "optimizer.nesterov",
      "it is for optimizer.kind sgd, and this job's is adam"
    ),
    (
      "optimizer: {beta1: 0.8}", "optimizer.beta1",
      "it is for optimizer.kind adam or adamW, and this job's is sgd"
    ),
    (
      "schedule: {kind: cosine, every: 2}", "schedule.every",
      "it is for schedule.kind step, and this job's is cosine"
    ),
    (
      "schedule: {peak: 0.1}", "schedule.peak",
      "it is for schedule.kind oneCycle, and this job's is constant"
    ),
  ]

  private static let required = "data: {path: d}\nmodel: {hidden: [8]}\n"

  @Test(arguments: broken.indices) func aBrokenRuleBlamesItsKey(_ index: Int) throws {
    let (sections, key, says) = Self.broken[index]
    let errors = try JobFolder().errors(Self.required + sections)
    #expect(errors.count == 1, "\(errors)")
    let text = errors.first.map { "\($0)" } ?? ""
    #expect(text.contains(key), "\(text)")
    #expect(text.contains(says), "\(text)")
  }

  /// One step beside what the rules forbid.
  @Test(arguments: [
    "optimizer: {nesterov: true, momentum: 0.1}",
    "schedule: {kind: step, every: 1}",
    "schedule: {kind: exponential, factor: 0.9}",
    "schedule: {kind: oneCycle, warmupEpochs: 4.9}\ntraining: {epochs: 5}",
    "schedule: {kind: step, every: 4}\ntraining: {epochs: 5}",
    "schedule: {kind: plateau, patience: 3}\ntraining: {epochs: 5}",
    "schedule: {kind: step, every: 5}\ntraining: {epochs: 0}",
    "data: {path: d, validation: 0.1}\nmodel: {hidden: [8]}\ncheckpoint: {best: validationLoss}",
  ]) func aKeptRuleIsQuiet(_ sections: String) throws {
    let text = sections.hasPrefix("data:") ? sections : Self.required + sections
    #expect(try JobFolder().errors(text).isEmpty)
  }

  /// A file's kind can be changed on the command line: what the file says of the old kind is left
  /// out. What the command line says of it is refused.
  @Test func aSettingCanChangeTheKind() throws {
    let folder = try JobFolder()
    let text = Self.required + "optimizer: {kind: sgd, momentum: 0.9}\n"
    let job = try folder.load(text, settings: ["optimizer.kind=adamW"]).job
    #expect(job.optimizer.kind == .adamW)
    #expect(!job.yaml.contains("momentum"))
    let errors = try folder.errors(
      text, settings: ["optimizer.kind=adamW", "optimizer.momentum=0.9"])
    #expect("\(errors)".contains("leave it out, or change optimizer.kind"))
  }
}
