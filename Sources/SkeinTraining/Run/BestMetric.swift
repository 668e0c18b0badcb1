/// By which number of an epoch the best checkpoint is chosen.
public enum BestMetric: String, CaseIterable, Sendable {
  case testAccuracy, testLoss, trainAccuracy, trainLoss

  /// What an epoch is worth: the greater of two is the better one.
  ///
  /// Accuracies have ties, as when all samples are recognised; then the loss decides.
  func score(_ metrics: EpochMetrics) -> Score {
    let loss = metrics.testLoss ?? metrics.trainLoss
    switch self {
    case .testAccuracy:
      return Score(value: metrics.testAccuracy ?? metrics.trainAccuracy, tieBreak: -loss)
    case .testLoss: return Score(value: -loss, tieBreak: 0)
    case .trainAccuracy: return Score(value: metrics.trainAccuracy, tieBreak: -metrics.trainLoss)
    case .trainLoss: return Score(value: -metrics.trainLoss, tieBreak: 0)
    }
  }

  /// What an epoch is worth.
  public struct Score: Comparable, Sendable {
    public var value: Double
    public var tieBreak: Double

    public init(value: Double, tieBreak: Double) {
      self.value = value
      self.tieBreak = tieBreak
    }

    public static func < (a: Score, b: Score) -> Bool {
      (a.value, a.tieBreak) < (b.value, b.tieBreak)
    }
  }
}
