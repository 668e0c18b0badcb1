import SkeinAutograd

/// What a classifier's training makes small, per sample; a batch's loss is the mean over its
/// samples.
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

  /// The losses [n] of the rows of `outputs` [n, classes], which are of classes `labels`.
  public func ofRows(_ outputs: Tensor, _ labels: Indices) -> Tensor {
    switch self {
    case .crossEntropy: outputs.crossEntropy(labels, reduction: .none)
    case .negativeLogLikelihood: outputs.softmax().negativeLogLikelihood(labels, reduction: .none)
    case .logSoftmaxNegativeLogLikelihood:
      outputs.logSoftmax().negativeLogLikelihoodOfLogProbabilities(labels, reduction: .none)
    case .meanSquaredError: outputs.meanSquaredError(toClasses: labels, reduction: .none)
    }
  }

  /// Whether it is built on softmax, so that scores are probabilities.
  public var usesSoftmax: Bool { self != .meanSquaredError }
}
