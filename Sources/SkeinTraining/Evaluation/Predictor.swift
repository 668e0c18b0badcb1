import SkeinAutograd
import SkeinData
import SkeinFiles
import SkeinModel

/// Predicts samples, as many chunks of them as there are: the forward pass is recorded once for
/// each number of rows and replayed, so that memory stays that of one chunk.
public final class Predictor {
  /// How many samples pass the network together.
  public static let chunk = 256

  private let model: FeedForward
  private let objective: any Objective
  private let hidden: Bool
  /// A full chunk, and the last one.
  private var programs: [Int: Program] = [:]

  /// One recorded forward pass.
  private struct Program {
    let tape: Tape
    let input: BatchInput
    let scores: Tensor
    let states: Tensor
  }

  /// - Parameter hidden: whether to keep the last hidden states too.
  public init(_ model: FeedForward, _ objective: any Objective, hidden: Bool) {
    self.model = model
    self.objective = objective
    self.hidden = hidden
  }

  /// The predictions for every sample of `source`, in chunks of `chunk`.
  ///
  /// - Parameter first: the number of the first sample, for errors.
  /// - Throws: `NonFiniteError` for a score that is no finite number, and what the source throws.
  public func predictions(
    for source: any SampleSource, first: Int = 0
  ) throws -> [Prediction] {
    var predictions: [Prediction] = []
    predictions.reserveCapacity(source.count)
    for start in stride(from: 0, to: source.count, by: Self.chunk) {
      let rows = (start..<min(start + Self.chunk, source.count)).map { Int32($0) }
      let program = program(rows.count)
      try program.input.read(rows, from: source)
      program.tape.replay()
      guard program.scores.withValues({ $0.firstNonFinite == nil }) else {
        let replay = NonFiniteReplay(model: model, objective: objective, source: source)
        throw replay.cause(rows).numbered(from: first)
      }
      predictions += rows.indices.map { row in
        Prediction(
          scores: program.scores.row(row), hiddenState: hidden ? program.states.row(row) : nil)
      }
    }
    return predictions
  }

  private func program(_ rows: Int) -> Program {
    if let program = programs[rows] { return program }
    let tape = Tape()
    let input = BatchInput(
      tape, rows: rows, width: model.network.inputs, target: objective.target)
    let pass = model.forward(input.samples, trains: false)
    let program = Program(
      tape: tape, input: input, scores: objective.scores(pass.outputs),
      states: pass.hiddenStates.last ?? input.samples)
    programs[rows] = program
    return program
  }
}

extension Prediction {
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
