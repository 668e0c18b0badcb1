import SkeinAutograd
import SkeinData
import SkeinFiles

/// What training makes small, per sample; a batch's loss is the mean over its samples, weighted
/// where classes or samples have weights.
public enum Loss: String, CaseIterable, Hashable, Sendable {
  /// ln Σ e^logits − logits[label]: softmax and negative log-likelihood in one, and stable.
  case crossEntropy
  /// −ln p[label] with p = softmax(logits), step by step as the lecture derives it; a probability
  /// that rounds to 0 makes it infinite.
  case negativeLogLikelihood
  /// −(logSoftmax(logits)[label]): the same value as `crossEntropy`, in two operations.
  case logSoftmaxNegativeLogLikelihood
  /// The mean over classes of (output − one-hot(label))², or over outputs of (output − target)²
  /// where targets are values.
  case meanSquaredError
  /// The mean over outputs of |output − target|; for values alone.
  case meanAbsoluteError
  /// The mean over outputs of Huber's error: half the square up to a difference of 1, and the
  /// difference − ½ beyond, so that outliers pull no harder than others; for values alone.
  case huber

  /// Whether it can be made small for such targets.
  public func fits(_ target: TargetKind) -> Bool {
    switch (self, target) {
    case (.meanSquaredError, _): true
    case (.meanAbsoluteError, .values), (.huber, .values): true
    case (.meanAbsoluteError, .classes), (.huber, .classes): false
    case (_, .classes): true
    case (_, .values): false
    }
  }

  /// What a job gets that names no loss.
  public static func standard(for target: TargetKind) -> Loss {
    if case .values = target { .meanSquaredError } else { .crossEntropy }
  }

  /// The losses [n] of the rows of `outputs` [n, classes], which are of classes `labels`.
  ///
  /// - Precondition: it fits classes.
  public func ofRows(_ outputs: Tensor, _ labels: Indices) -> Tensor {
    switch self {
    case .crossEntropy: outputs.crossEntropy(labels, reduction: .none)
    case .negativeLogLikelihood: outputs.softmax().negativeLogLikelihood(labels, reduction: .none)
    case .logSoftmaxNegativeLogLikelihood:
      outputs.logSoftmax().negativeLogLikelihoodOfLogProbabilities(labels, reduction: .none)
    case .meanSquaredError: outputs.meanSquaredError(toClasses: labels, reduction: .none)
    case .meanAbsoluteError, .huber: misuse("\(rawValue) of classes")
    }
  }

  /// The losses [n] of the rows of `outputs` [n, outputs], whose targets are `values`.
  ///
  /// - Precondition: it fits values.
  public func ofRows(_ outputs: Tensor, _ values: Tensor) -> Tensor {
    switch self {
    case .meanSquaredError: outputs.meanSquaredError(values, reduction: .none)
    case .meanAbsoluteError: outputs.meanAbsoluteError(values, reduction: .none)
    case .huber: outputs.huber(values, reduction: .none)
    case .crossEntropy, .negativeLogLikelihood, .logSoftmaxNegativeLogLikelihood:
      misuse("\(rawValue) of values")
    }
  }

  /// Whether it is built on softmax, so that scores are probabilities.
  public var usesSoftmax: Bool {
    switch self {
    case .crossEntropy, .negativeLogLikelihood, .logSoftmaxNegativeLogLikelihood: true
    case .meanSquaredError, .meanAbsoluteError, .huber: false
    }
  }
}
