import SkeinAutograd

/// What a model says about samples.
public struct Prediction: Sendable, Equatable {
  /// A score per class: probabilities where the loss is built on softmax, else the outputs. Where
  /// targets are values, the values in their own units.
  public let scores: [Float]
  /// The last hidden layer's activations; nil unless asked for.
  public let hiddenState: [Float]?

  /// The class with the highest score, the first of equals.
  public var label: Int { scores.withUnsafeBufferPointer { $0.argMax } }
}
