/// The loss of a job, with what changes it.
public struct LossOptions: Sendable, Equatable {
  /// How much a sample of each class counts.
  public enum ClassWeights: Sendable, Equatable {
    /// In inverse proportion to how often the class occurs: n / (C · n[c]) for n samples to train
    /// on, n[c] of them of class c, and C classes. Scikit-learn's "balanced".
    case balanced
    /// A weight for each class, in the dataset's order; each is finite and ≥ 0.
    case each([Float])
    /// The weights of some classes, by name; the others have 1.
    case named([String: Float])
  }

  /// What training makes small.
  public var kind: Loss
  /// How much of a label's certainty all classes share, 0..<1; for `Loss.crossEntropy` alone.
  public var labelSmoothing: Float
  /// How much a sample of each class counts; nil for all the same.
  public var classWeights: ClassWeights?

  /// The loss of a job; see the properties.
  public init(_ kind: Loss, labelSmoothing: Float = 0, classWeights: ClassWeights? = nil) {
    self.kind = kind
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  /// Softmax and negative log-likelihood in one.
  public static let crossEntropy = LossOptions(.crossEntropy)
  /// Negative log-likelihood of softmax.
  public static let negativeLogLikelihood = LossOptions(.negativeLogLikelihood)
  /// Negative log-likelihood of log-softmax.
  public static let logSoftmaxNegativeLogLikelihood = LossOptions(.logSoftmaxNegativeLogLikelihood)
  /// The mean of squares.
  public static let meanSquaredError = LossOptions(.meanSquaredError)
  /// The mean of absolute differences.
  public static let meanAbsoluteError = LossOptions(.meanAbsoluteError)
  /// Huber's error.
  public static let huber = LossOptions(.huber)
}
