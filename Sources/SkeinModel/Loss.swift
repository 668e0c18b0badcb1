import SkeinAutograd

/// What training makes small, per sample; a batch's loss is the mean over its samples.
public enum Loss: String, CaseIterable, Hashable, Sendable {
  /// ln Σ e^logits − logits[label]: softmax and negative log-likelihood in one, and stable.
  case crossEntropy
  /// −ln p[label] with p = softmax(logits), step by step as the lecture derives it; a probability
  /// that rounds to 0 makes it infinite.
  case negativeLogLikelihood
  /// −(logSoftmax(logits)[label]): the same value as `crossEntropy`, in two operations.
  case logSoftmaxNegativeLogLikelihood
  /// The mean over classes of (output − one-hot(label))².
  case meanSquaredError

  /// The sum of the losses of all rows of `logits` [n, classes].
  ///
  /// `target` is the one-hot matrix [n, classes] of the labels, which only the squared error uses.
  public func sum(_ logits: Tensor, labels: Indices, target: @autoclosure () -> Tensor) -> Tensor {
    switch self {
    case .crossEntropy: logits.crossEntropy(labels, reduction: .sum)
    case .negativeLogLikelihood: logits.softmax().negativeLogLikelihood(labels, reduction: .sum)
    case .logSoftmaxNegativeLogLikelihood:
      logits.logSoftmax().negativeLogLikelihoodOfLogarithms(labels, reduction: .sum)
    case .meanSquaredError: logits.meanSquaredError(target(), reduction: .sum)
    }
  }

  /// The model's outputs as class scores between 0 and 1: softmax where the loss is built on it,
  /// the plain outputs for the squared error.
  public func scores(_ logits: Tensor) -> Tensor {
    usesSoftmax ? logits.softmax() : logits
  }

  /// Whether `scores` are probabilities.
  public var usesSoftmax: Bool { self != .meanSquaredError }

  /// Whether it compares against a one-hot matrix and not against labels.
  public var usesTarget: Bool { self == .meanSquaredError }
}
