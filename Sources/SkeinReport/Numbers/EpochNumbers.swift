/// One line of `metrics.jsonl`, as far as pictures need it.
public struct EpochNumbers: Codable, Sendable, Equatable {
  /// From 1.
  public var epoch: Int
  /// Steps since the run began.
  public var step: Int
  public var trainLoss: Double
  public var trainAccuracy: Double
  public var testLoss: Double?
  public var testAccuracy: Double?
  /// Of the training part.
  public var samplesPerSecond: Double
  /// Of the whole epoch.
  public var seconds: Double
  public var threads: Int
  /// The rate of the epoch's last step, where the run recorded it.
  public var learningRate: Double?
  /// Seconds that each worker spent per part of the work, where the run recorded them.
  public var workers: [[String: Double]]?
  /// What was wrong with the network after the epoch, where something was.
  public var warnings: [String]?

  public init(
    epoch: Int, step: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double? = nil,
    testAccuracy: Double? = nil, samplesPerSecond: Double, seconds: Double, threads: Int,
    learningRate: Double? = nil, workers: [[String: Double]]? = nil, warnings: [String]? = nil
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
}
