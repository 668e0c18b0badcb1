import SkeinModel

/// How much arithmetic one training sample takes.
public struct StepCost: Sendable, Equatable {
  /// Floating-point operations per sample and training step. A multiply-add counts as two.
  ///
  /// A weight takes part in three matrix products: the forward pass, the gradient of the weight,
  /// and the gradient of its layer's input. These are 6 operations per weight. The input of the
  /// first layer is the samples, which need no gradient, so its weights have 4.
  ///
  /// Biases, activations, the loss and the update do not count. The work of the update does not
  /// grow with the batch. All these are below 1 % for wide layers, and more for narrow ones.
  public let operations: Double

  /// The cost of one sample in `network`. O(1).
  public init(_ network: Network) { operations = 2 * network.trainingMultiplyAdds }
}
