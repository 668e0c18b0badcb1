import SkeinRecord

/// By which number of an epoch the best checkpoint is chosen.
public enum BestMetric: String, CaseIterable, Sendable {
  /// Accuracy or loss, of the validation samples, of the test split or in training.
  case validationAccuracy, validationLoss, testAccuracy, testLoss, trainAccuracy, trainLoss

  /// What an epoch is worth: the greater of two is the better one.
  ///
  /// Accuracies have ties, as when all samples are recognised; then the loss decides. Where targets
  /// are values there are no accuracies: the loss counts instead.
  public func score(_ metrics: EpochMetrics) -> Score {
    let loss = metrics.testLoss ?? metrics.trainLoss
    switch self {
    case .validationAccuracy:
      let loss = metrics.validationLoss ?? metrics.trainLoss
      guard let accuracy = metrics.validationAccuracy ?? metrics.trainAccuracy else {
        return Score(value: -loss, tieBreak: 0)
      }
      return Score(value: accuracy, tieBreak: -loss)
    case .validationLoss:
      return Score(value: -(metrics.validationLoss ?? metrics.trainLoss), tieBreak: 0)
    case .testAccuracy:
      guard let accuracy = metrics.testAccuracy ?? metrics.trainAccuracy else {
        return Score(value: -loss, tieBreak: 0)
      }
      return Score(value: accuracy, tieBreak: -loss)
    case .testLoss: return Score(value: -loss, tieBreak: 0)
    case .trainAccuracy:
      guard let accuracy = metrics.trainAccuracy else {
        return Score(value: -metrics.trainLoss, tieBreak: 0)
      }
      return Score(value: accuracy, tieBreak: -metrics.trainLoss)
    case .trainLoss: return Score(value: -metrics.trainLoss, tieBreak: 0)
    }
  }

  /// Whether it is a share of samples that are recognised, which values do not have.
  public var isAccuracy: Bool {
    self == .validationAccuracy || self == .testAccuracy || self == .trainAccuracy
  }

  /// In words, as "test loss".
  public var words: String {
    switch self {
    case .validationAccuracy: "validation accuracy"
    case .validationLoss: "validation loss"
    case .testAccuracy: "test accuracy"
    case .testLoss: "test loss"
    case .trainAccuracy: "train accuracy"
    case .trainLoss: "train loss"
    }
  }

  /// The loss that tells most about new samples: of the validation samples, or else of the test
  /// split, or else of the training.
  public static func loss(of metrics: EpochMetrics) -> BestMetric {
    loss(isEvaluated: metrics.testLoss != nil, isValidated: metrics.validationLoss != nil)
  }

  /// The same for a run with these samples.
  public static func loss(isEvaluated: Bool, isValidated: Bool) -> BestMetric {
    isValidated ? .validationLoss : isEvaluated ? .testLoss : .trainLoss
  }

  /// How the best epoch is chosen, as "by test accuracy, on the test split". Readers need to know:
  /// the number that was chosen by is better than what new samples will give.
  ///
  /// - Parameters:
  ///   - isEvaluated: whether the run has a test split.
  ///   - isValidated: whether it has validation samples.
  public func explanation(isEvaluated: Bool, isValidated: Bool = false) -> String {
    switch self {
    case .validationAccuracy where isValidated: "by validation accuracy"
    case .validationLoss where isValidated: "by validation loss"
    case .testAccuracy where isEvaluated: "by test accuracy, on the test split"
    case .testLoss where isEvaluated: "by test loss, on the test split"
    case .validationAccuracy, .testAccuracy, .trainAccuracy: "by train accuracy"
    case .validationLoss, .testLoss, .trainLoss: "by train loss"
    }
  }

  /// What an epoch is worth.
  public struct Score: Comparable, Sendable {
    /// The number chosen by; a loss with its sign changed, so that greater is better.
    public var value: Double
    /// What decides between equal values, greater is better.
    public var tieBreak: Double

    /// A score of its two numbers.
    public init(value: Double, tieBreak: Double) {
      self.value = value
      self.tieBreak = tieBreak
    }

    /// By `value`, then by `tieBreak`.
    public static func < (a: Score, b: Score) -> Bool {
      (a.value, a.tieBreak) < (b.value, b.tieBreak)
    }
  }
}
