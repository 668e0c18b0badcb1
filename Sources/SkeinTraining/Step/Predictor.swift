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
  public var label: Int { scores.indices.max { scores[$0] < scores[$1] } ?? 0 }

  /// The predictions for every sample of `source`, in chunks of 256.
  ///
  /// - Parameters:
  ///   - scale: what every element of a sample is divided by.
  ///   - hidden: whether to keep the last hidden states too.
  /// - Throws: `NonFiniteError` for a score that is no finite number, and what the source throws.
  public static func all(
    _ model: FeedForward, loss: Loss, source: some SampleSource, scale: Float, hidden: Bool
  ) throws -> [Prediction] {
    var predictions: [Prediction] = []
    for first in stride(from: 0, to: source.count, by: 256) {
      let rows = (first..<min(first + 256, source.count)).map { Int32($0) }
      let tape = Tape()
      let samples = tape.constant(
        [Float](repeating: 0, count: rows.count * source.sampleSize),
        shape: [rows.count, source.sampleSize])
      var labels = [Int32](repeating: 0, count: rows.count)
      try samples.withMutableValues { samples in
        try rows.withUnsafeBufferPointer { rows in
          try labels.withUnsafeMutableBufferPointer { labels in
            try source.gather(rows, scale: scale, samples: samples, labels: labels)
          }
        }
      }
      let pass = model.forward(samples, trains: false)
      let scores = loss.scores(pass.logits)
      let states = pass.hiddenStates.last ?? samples
      guard scores.withValues({ $0.firstNonFinite == nil }) else {
        throw NonFiniteReplay(model: model, loss: loss, source: source, scale: scale).cause(rows)
      }
      predictions += rows.indices.map { row in
        Prediction(
          scores: scores.row(row), hiddenState: hidden ? states.row(row) : nil)
      }
    }
    return predictions
  }
}

extension Tensor {
  /// Row `row` of a matrix.
  fileprivate func row(_ row: Int) -> [Float] {
    withValues { Array($0[(row * shape[1])..<((row + 1) * shape[1])]) }
  }
}
