import SkeinAutograd
import SkeinData
import SkeinModel

/// What a model says about samples.
public struct Prediction: Sendable, Equatable {
  /// A score per class: probabilities where the loss is built on softmax, else the outputs.
  public let scores: [Float]
  /// The last hidden layer's activations; nil unless asked for.
  public let hiddenState: [Float]?

  /// The class with the highest score, the first of equals.
  public var label: Int { scores.withUnsafeBufferPointer { $0.argMax } }

  /// The predictions for every sample of `source`, in chunks of `Predictor.chunk`.
  ///
  /// - Parameter hidden: whether to keep the last hidden states too.
  /// - Throws: `NonFiniteError` for a score that is no finite number, and what the source throws.
  public static func all(
    _ model: FeedForward, _ objective: any Objective, source: any SampleSource, hidden: Bool
  ) throws -> [Prediction] {
    try Predictor(model, objective, hidden: hidden).predictions(for: source)
  }
}
