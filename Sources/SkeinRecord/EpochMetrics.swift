import Foundation

/// What a run reports after an epoch: one line of `metrics.jsonl`.
public struct EpochMetrics: Codable, Sendable, Equatable {
  /// The number of the epoch, from 1.
  public var epoch: Int
  /// Steps since the run began.
  public var step: Int
  /// The mean over the epoch's used samples of the loss at the time each was used, ≥ 0.
  public var trainLoss: Double
  /// The share of the used samples that were recognised when each was used, 0…1.
  public var trainAccuracy: Double
  /// The mean loss over the test split, ≥ 0; nil without one.
  public var testLoss: Double?
  /// The share of the test split that is recognised, 0…1; nil without one.
  public var testAccuracy: Double?
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
    epoch: Int, step: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double? = nil,
    testAccuracy: Double? = nil, samplesPerSecond: Double, seconds: Double, threads: Int,
    learningRate: Double? = nil, workers: [WorkerTimes]? = nil, warnings: [String]? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.samplesPerSecond = samplesPerSecond
    self.seconds = seconds
    self.threads = threads
    self.learningRate = learningRate
    self.workers = workers
    self.warnings = warnings
  }

  /// Whether these can be an epoch's numbers: counts from 1, shares in 0…1, finite losses from 0.
  package var isPlausible: Bool {
    let shares = [trainAccuracy, testAccuracy].compactMap { $0 }
    let sizes = [trainLoss, testLoss, samplesPerSecond, seconds].compactMap { $0 }
    return epoch >= 1 && step >= 1 && threads >= 1 && shares.allSatisfy { (0...1).contains($0) }
      && sizes.allSatisfy { $0 >= 0 && $0.isFinite }
  }

  /// One line of JSON, keys sorted, without a line end.
  public func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
