import SkeinAutograd
import SkeinData
import SkeinFiles
import SkeinModel

/// What a model says about samples.
public struct Prediction: Sendable, Equatable {
  /// A score per class: probabilities where the loss is built on softmax, else the outputs.
  public let scores: [Float]
  /// The last hidden layer's activations; nil unless asked for.
  public let hiddenState: [Float]?

  /// The class with the highest score, the first of equals.
  public var label: Int { scores.indices.max { scores[$0] < scores[$1] } ?? 0 }

  /// The predictions for every sample of `source`, in chunks of `Predictor.chunk`.
  ///
  /// - Parameters:
  ///   - scale: what every element of a sample is divided by.
  ///   - hidden: whether to keep the last hidden states too.
  /// - Throws: `NonFiniteError` for a score that is no finite number, and what the source throws.
  public static func all(
    _ model: FeedForward, loss: Loss, source: some SampleSource, scale: Float, hidden: Bool
  ) throws -> [Prediction] {
    let predictor = Predictor(model, loss: loss, scale: scale, hidden: hidden)
    return try predictor.predictions(for: source)
  }
}

/// Predicts samples, as many chunks of them as there are: the forward pass is recorded once for
/// each number of rows and replayed, so that memory stays that of one chunk.
public final class Predictor {
  /// How many samples pass the network together.
  public static let chunk = 256

  private let model: FeedForward
  private let loss: Loss
  private let scale: Float
  private let hidden: Bool
  /// A full chunk, and the last one.
  private var programs: [Int: Program] = [:]

  /// One recorded forward pass.
  private struct Program {
    package let samples: Tensor
    let scores: Tensor
    let states: Tensor
  }

  /// - Parameters:
  ///   - scale: what every element of a sample is divided by.
  ///   - hidden: whether to keep the last hidden states too.
  public init(_ model: FeedForward, loss: Loss, scale: Float, hidden: Bool) {
    self.model = model
    self.loss = loss
    self.scale = scale
    self.hidden = hidden
  }

  /// The predictions for every sample of `source`, in chunks of `chunk`.
  ///
  /// - Parameter first: the number of the first sample, for errors.
  /// - Throws: `NonFiniteError` for a score that is no finite number, and what the source throws.
  public func predictions(
    for source: some SampleSource, first: Int = 0
  ) throws -> [Prediction] {
    var predictions: [Prediction] = []
    predictions.reserveCapacity(source.count)
    for start in stride(from: 0, to: source.count, by: Self.chunk) {
      let rows = (start..<min(start + Self.chunk, source.count)).map { Int32($0) }
      let program = program(rows.count, source.sampleSize)
      var labels = [Int32](repeating: 0, count: rows.count)
      try program.samples.withMutableValues { samples in
        try rows.withUnsafeBufferPointer { rows in
          try labels.withUnsafeMutableBufferPointer { labels in
            try source.gather(rows, scale: scale, samples: samples, labels: labels)
          }
        }
      }
      program.samples.tape.replay()
      guard program.scores.withValues({ $0.firstNonFinite == nil }) else {
        let replay = NonFiniteReplay(model: model, loss: loss, source: source, scale: scale)
        throw replay.cause(rows).numbered(from: first)
      }
      predictions += rows.indices.map { row in
        Prediction(
          scores: program.scores.row(row), hiddenState: hidden ? program.states.row(row) : nil)
      }
    }
    return predictions
  }

  private func program(_ rows: Int, _ sampleSize: Int) -> Program {
    if let program = programs[rows] { return program }
    let tape = Tape()
    let samples = tape.constant(
      [Float](repeating: 0, count: rows * sampleSize), shape: [rows, sampleSize])
    let pass = model.forward(samples, trains: false)
    let program = Program(
      samples: samples, scores: loss.scores(pass.logits),
      states: pass.hiddenStates.last ?? samples)
    programs[rows] = program
    return program
  }
}

extension NonFiniteError {
  /// The same with sample numbers that count from `first`, where they counted from 0.
  fileprivate func numbered(from first: Int) -> NonFiniteError {
    if first == 0 { return self }
    return NonFiniteError(
      cause: cause, isNaN: isNaN, samples: samples.map { Int32(clamping: Int($0) + first) })
  }
}

extension Tensor {
  /// Row `row` of a matrix.
  fileprivate func row(_ row: Int) -> [Float] {
    withValues { Array($0[(row * shape[1])..<((row + 1) * shape[1])]) }
  }
}
