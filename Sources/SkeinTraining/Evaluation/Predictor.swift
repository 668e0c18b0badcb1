import SkeinAutograd
import SkeinData
import SkeinModel

/// Predicts samples, chunk by chunk. The forward pass is recorded once for each number of rows and
/// replayed, so the memory stays that of one chunk however many samples there are.
public final class Predictor {
  private let model: FeedForward
  private let objective: any Objective
  private let hidden: Bool
  /// For a full chunk, and for the last one.
  private let passes: Recordings<Pass>

  /// One recorded forward pass.
  private struct Pass {
    let tape = Tape()
    let input: BatchInput
    let scores: Tensor
    let states: Tensor

    init(_ model: FeedForward, _ objective: any Objective, rows: Int) {
      input = BatchInput(
        tape, samples: rows, width: model.network.inputs, target: objective.target)
      let pass = model.forward(input.samples, trains: false)
      scores = objective.scores(pass.outputs)
      states = pass.hiddenStates.last ?? input.samples
    }
  }

  /// - Parameter hidden: whether to keep the last hidden states too.
  public init(_ model: FeedForward, _ objective: any Objective, hidden: Bool) {
    self.model = model
    self.objective = objective
    self.hidden = hidden
    passes = Recordings { Pass(model, objective, rows: $0) }
  }

  /// The predictions for every sample of `source`, in chunks of `Evaluation.chunk`.
  ///
  /// - Parameter first: the number of the first sample, for errors.
  /// - Throws: `NonFiniteError` for a score that is no finite number, and what the source throws.
  /// - Precondition: the model takes the source's samples, and the objective its outputs and the
  ///   source's targets.
  public func predictions(
    for source: any SampleSource, first: Int = 0
  ) throws -> [Prediction] {
    requireFit(model, objective, source)
    var predictions: [Prediction] = []
    predictions.reserveCapacity(source.count)
    for chunk in 0..<Evaluation.chunkCount(of: source.count) {
      let rows = Evaluation.rows(ofChunk: chunk, of: source.count)
      let pass = passes.recording(rows: rows.count)
      try pass.input.read(rows, from: source)
      pass.tape.replay()
      guard pass.scores.withValues({ $0.firstNonFinite == nil }) else {
        let replay = NonFiniteReplay(model: model, objective: objective, source: source)
        throw replay.cause(rows).numbered(from: first)
      }
      predictions += rows.indices.map { row in
        Prediction(
          scores: pass.scores.row(row), hiddenState: hidden ? pass.states.row(row) : nil)
      }
    }
    return predictions
  }
}

extension Prediction {
  /// The predictions for every sample of `source`, in chunks of `Evaluation.chunk`.
  ///
  /// - Parameter hidden: whether to keep the last hidden states too.
  /// - Throws: `NonFiniteError` for a score that is no finite number, and what the source throws.
  public static func all(
    _ model: FeedForward, _ objective: any Objective, source: any SampleSource, hidden: Bool
  ) throws -> [Prediction] {
    try Predictor(model, objective, hidden: hidden).predictions(for: source)
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
  /// The elements of row `row` along the first axis.
  fileprivate func row(_ row: Int) -> [Float] {
    let width = shape.count / Swift.max(shape[0], 1)
    return withValues { Array($0[(row * width)..<((row + 1) * width)]) }
  }
}
