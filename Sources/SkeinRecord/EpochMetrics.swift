import Foundation

/// What a run reports after an epoch: one line of `metrics.jsonl`.
public struct EpochMetrics: Codable, Sendable, Equatable {
  /// The number of the epoch, from 1.
  public var epoch: Int
  /// Steps since the run began.
  public var step: Int
  /// The mean over the epoch's used samples of the loss at the time each was used, ≥ 0.
  public var trainLoss: Double
  /// The share of the used samples that were recognised when each was used, 0…1; nil where
  /// targets are values.
  public var trainAccuracy: Double?
  /// The mean over the used samples, and over outputs, of the absolute error when each was used, in
  /// the targets' own units; nil where targets are classes.
  public var trainError: Double?
  /// The mean loss over the test split, ≥ 0; nil without one.
  public var testLoss: Double?
  /// The share of the test split that is recognised, 0…1; nil without one, and for values.
  public var testAccuracy: Double?
  /// The mean absolute error over the test split, as `trainError`; nil without one, and for
  /// classes.
  public var testError: Double?
  /// The mean loss over the validation samples, ≥ 0; nil without any.
  public var validationLoss: Double?
  /// The share of the validation samples that is recognised, 0…1; nil without any.
  public var validationAccuracy: Double?
  /// The mean absolute error of the validation samples, as `trainError`; nil without any, and for
  /// classes.
  public var validationError: Double?
  /// Used samples per second of the training part, without the evaluation.
  public var samplesPerSecond: Double
  /// How many seconds the whole epoch took.
  public var seconds: Double
  /// How many workers were at work, ≥ 1.
  public var threads: Int
  /// The rate of the epoch's last step, where the run recorded it.
  public var learningRate: Double?
  /// What each worker did in the training part; missing where the run records no history.
  public var workers: [WorkerTimes]?
  /// What is wrong with the network as it stands; missing where nothing is.
  public var warnings: [String]?

  /// Nothing is checked: a line of `metrics.jsonl` is, when it is read.
  public init(
    epoch: Int, step: Int, trainLoss: Double, trainAccuracy: Double? = nil,
    trainError: Double? = nil, testLoss: Double? = nil, testAccuracy: Double? = nil,
    testError: Double? = nil, validationLoss: Double? = nil, validationAccuracy: Double? = nil,
    validationError: Double? = nil, samplesPerSecond: Double, seconds: Double, threads: Int,
    learningRate: Double? = nil, workers: [WorkerTimes]? = nil, warnings: [String]? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.trainError = trainError
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.testError = testError
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.validationError = validationError
    self.samplesPerSecond = samplesPerSecond
    self.seconds = seconds
    self.threads = threads
    self.learningRate = learningRate
    self.workers = workers
    self.warnings = warnings
  }

  /// Whether the targets are values, so that there are errors in place of accuracies.
  public var areOfValues: Bool { trainAccuracy == nil }

  /// Whether these can be an epoch's numbers: counts from 1, shares in 0…1 or errors from 0, finite
  /// losses from 0.
  package var isPlausible: Bool {
    let shares = [trainAccuracy, testAccuracy, validationAccuracy].compactMap { $0 }
    let sizes = [
      trainLoss, testLoss, validationLoss, trainError, testError, validationError,
      samplesPerSecond, seconds,
    ].compactMap { $0 }
    return hasOneKind && epoch >= 1 && step >= 1 && threads >= 1
      && shares.allSatisfy { (0...1).contains($0) }
      && sizes.allSatisfy { $0 >= 0 && $0.isFinite }
  }

  /// Whether there are accuracies or errors, and not both or none.
  package var hasOneKind: Bool {
    (trainAccuracy == nil) != (trainError == nil)
      && (trainAccuracy == nil ? testAccuracy == nil : testError == nil)
  }

  /// One line of JSON, keys sorted, without a line end.
  public func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
