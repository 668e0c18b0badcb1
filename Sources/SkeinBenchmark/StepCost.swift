import SkeinModel

/// How much arithmetic one training sample takes.
public struct StepCost: Sendable, Equatable {
  /// Floating-point operations per sample and training step; a multiply-add is two.
  ///
  /// A weight takes part in three matrix products: the forward pass, its own gradient, and the
  /// gradient of its layer's input: 6 operations a weight. The first layer's input are the samples,
  /// which want no gradient: 2 a weight less there. Biases, activations, the loss, and the update,
  /// which does not grow with the batch, are not counted: below 1 % for wide layers, and more where
  /// layers are narrow.
  public let operations: Double

  public init(_ network: Network) { operations = 2 * network.trainingMultiplyAdds }
}
