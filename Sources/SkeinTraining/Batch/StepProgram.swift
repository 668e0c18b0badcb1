import SkeinAutograd
import SkeinData
import SkeinModel

/// What one batch shard contributes to a step's report.
public struct ShardResult: Sendable, Equatable {
  /// The sum of the samples' losses.
  public var lossSum = 0.0
  /// How many samples got the highest logit at their label.
  public var correct = 0
  /// How many samples there were.
  public var samples = 0

  public init(lossSum: Double = 0, correct: Int = 0, samples: Int = 0) {
    self.lossSum = lossSum
    self.correct = correct
    self.samples = samples
  }
}

/// The recorded computation for one number of rows: samples → logits → sum of losses.
///
/// Recorded once on a tape of its own and replayed for every batch shard of that size, so a step
/// allocates nothing. Belongs to one worker at a time.
final class StepProgram {
  private let tape: Tape
  private let samples: Tensor
  private let labels: Indices
  /// One-hot labels [rows, classes], where the loss compares with them.
  private let target: Tensor?
  let logits: Tensor
  private let loss: Tensor
  private let rows: Int
  /// How the sum of the samples' gradients is formed after `backward`, parameter by parameter in
  /// the order of the model's layout; empty where nothing trains.
  let gradientForms: UnsafeBufferPointer<GradientForm>

  init(_ model: FeedForward, loss: Loss, rows: Int, trains: Bool) {
    let classes = model.architecture.outputs
    let tape = Tape()
    func zeros(_ columns: Int) -> Tensor {
      tape.constant([Float](repeating: 0, count: rows * columns), shape: [rows, columns])
    }
    let samples = zeros(model.architecture.inputs)
    let labels = tape.indices([Int32](repeating: 0, count: rows))
    let target = loss.usesTarget ? zeros(classes) : nil
    let logits = model.forward(samples, trains: trains).logits
    self.tape = tape
    self.rows = rows
    self.samples = samples
    self.labels = labels
    self.target = target
    self.logits = logits
    self.loss = loss.sum(logits, labels: labels, target: target ?? zeros(classes))
    let forms = UnsafeMutableBufferPointer<GradientForm>.allocate(
      capacity: trains ? model.architecture.layout.entries.count : 0)
    if trains { _ = forms.initialize(from: tape.gradientForms(of: self.loss)) }
    gradientForms = UnsafeBufferPointer(forms)
  }

  deinit { gradientForms.deallocate() }

  /// Gathers `rows` of `source`, divides them by `scale` and runs the forward pass.
  ///
  /// - Throws: what the source throws.
  func forward(
    _ rows: UnsafeBufferPointer<Int32>, of source: some SampleSource, scale: Float
  ) throws -> ShardResult {
    try samples.withMutableValues { samples in
      try labels.withMutableValues { labels in
        try source.gather(rows, scale: scale, samples: samples, labels: labels)
      }
    }
    setTarget()
    tape.replay()
    return ShardResult(lossSum: Double(loss.item), correct: countCorrect(), samples: self.rows)
  }

  /// Runs the backward pass, up to the parameters.
  func backward() { tape.propagate(from: loss) }

  /// Calls `body` for each row, with its label and the class of its highest logit, the first of
  /// equals.
  func forEachPrediction(_ body: (_ row: Int, _ label: Int, _ predicted: Int) -> Void) {
    logits.withValues { logits in
      labels.withMutableValues { labels in
        guard var scores = logits.baseAddress else { return }
        let classes = logits.count / max(rows, 1)
        for row in 0..<rows {
          var best = 0
          for label in 1..<max(classes, 1) where scores[label] > scores[best] { best = label }
          body(row, Int(labels[row]), best)
          scores += classes
        }
      }
    }
  }

  /// How many rows have their highest logit, the first of equals, at their label.
  private func countCorrect() -> Int {
    logits.withValues { logits in
      labels.withMutableValues { labels in
        guard var scores = logits.baseAddress else { return 0 }
        let classes = logits.count / max(rows, 1)
        var correct = 0
        for row in 0..<rows {
          let label = Int(labels[row])
          let score = scores[label]
          // Without branches: neither the label nor the winner is to be predicted.
          var beatenBy: Int32 = 0
          for other in 0..<classes {
            let isHigher: Int32 = scores[other] > score ? 1 : 0
            let isEqual: Int32 = scores[other] == score ? 1 : 0
            let isBefore: Int32 = other < label ? 1 : 0
            beatenBy |= isHigher | (isEqual & isBefore)
          }
          correct += Int(1 - beatenBy)
          scores += classes
        }
        return correct
      }
    }
  }

  private func setTarget() {
    guard let target else { return }
    target.withMutableValues { target in
      labels.withMutableValues { labels in
        target.update(repeating: 0)
        let classes = target.count / max(rows, 1)
        for row in 0..<rows { target[row * classes + Int(labels[row])] = 1 }
      }
    }
  }
}

/// One batch shard's programs, or one worker's, recorded as row counts come up: a full batch and an
/// uneven last one give at most four different ones.
final class ProgramCache {
  private let model: FeedForward
  private let loss: Loss
  private let trains: Bool
  private var programs: [Int: StepProgram] = [:]

  init(_ model: FeedForward, loss: Loss, trains: Bool) {
    self.model = model
    self.loss = loss
    self.trains = trains
  }

  /// The program for `rows` rows.
  func program(rows: Int) -> StepProgram {
    if let program = programs[rows] { return program }
    let program = StepProgram(model, loss: loss, rows: rows, trains: trains)
    programs[rows] = program
    return program
  }
}
