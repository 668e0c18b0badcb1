import Foundation

/// What a run reports after an epoch: one line of `metrics.jsonl`.
public struct EpochMetrics: Codable, Sendable, Equatable {
  /// From 1.
  public var epoch: Int
  /// Steps since the run began.
  public var step: Int
  /// The mean over the epoch's used samples of the loss at the time each was used.
  public var trainLoss: Double
  public var trainAccuracy: Double
  public var testLoss: Double?
  public var testAccuracy: Double?
  /// Of the training part, evaluation not included.
  public var samplesPerSecond: Double
  /// Of the whole epoch.
  public var seconds: Double
  public var threads: Int
  /// The rate of the epoch's last step, where the run recorded it.
  public var learningRate: Double?
  /// What each worker did in the training part; missing where the run records no history.
  public var workers: [WorkerSplit]?
  /// What is wrong with the network as it stands; missing where nothing is.
  public var warnings: [String]?

  public init(
    epoch: Int, step: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double? = nil,
    testAccuracy: Double? = nil, samplesPerSecond: Double, seconds: Double, threads: Int,
    learningRate: Double? = nil, workers: [WorkerSplit]? = nil, warnings: [String]? = nil
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

  /// Whether these can be an epoch's numbers: counts from 1, shares in 0…1, losses that are none
  /// below 0.
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
