import SkeinAutograd
import SkeinData
import SkeinModel

/// How a model does on a split.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss over the samples.
  public let loss: Double
  /// The share of samples whose highest logit is at their label.
  public let accuracy: Double
  /// How many samples of class `row` were taken for class `column`.
  public let confusion: [[Int]]

  /// How many samples there were.
  public var samples: Int { confusion.joined().reduce(0, +) }

  /// Of the samples taken for `label`, the share that is of that class; nil if there is none.
  public func precision(_ label: Int) -> Double? {
    let taken = confusion.map { $0[label] }.reduce(0, +)
    return taken == 0 ? nil : Double(confusion[label][label]) / Double(taken)
  }

  /// Of the samples of class `label`, the share that was recognised; nil if there is none.
  public func recall(_ label: Int) -> Double? {
    let all = confusion[label].reduce(0, +)
    return all == 0 ? nil : Double(confusion[label][label]) / Double(all)
  }
}

/// Computes loss and accuracy of a model over a whole split, in chunks that workers share.
///
/// Chunks have a fixed size and are added up in order: the same numbers for any thread count.
public final class Evaluator<Source: SampleSource> {
  private let phase: EvaluationPhase<Source>

  public init(_ model: FeedForward, loss: Loss, source: Source, scale: Float, workers: Int) {
    phase = EvaluationPhase(model, loss: loss, source: source, scale: scale, workers: workers)
  }

  /// One pass over the split.
  ///
  /// - Throws: `NonFiniteError` where a loss is NaN or infinite.
  public func evaluate(_ scheduler: some BatchScheduler) throws -> Evaluation {
    phase.reset()
    try scheduler.run(phase)
    return phase.evaluation
  }
}

/// `@unchecked Sendable`: item `i` alone writes `losses[i]`; worker `w` alone uses `caches[w]` and
/// `confusions[w]`; the rest is read while no worker runs.
private final class EvaluationPhase<Source: SampleSource>: Phase, @unchecked Sendable {
  private static var chunk: Int { 256 }

  private let source: Source
  private let scale: Float
  private let classes: Int
  private let caches: [ProgramCache]
  private let losses: UnsafeMutableBufferPointer<Double>
  private let confusions: UnsafeMutableBufferPointer<Int>
  private let workers: Int

  init(_ model: FeedForward, loss: Loss, source: Source, scale: Float, workers: Int) {
    self.source = source
    self.scale = scale
    self.workers = workers
    classes = model.architecture.outputs
    caches = (0..<workers).map { _ in ProgramCache(model, loss: loss, trains: false) }
    losses = .allocate(capacity: (source.count + Self.chunk - 1) / Self.chunk)
    confusions = .allocate(capacity: workers * classes * classes)
    reset()
  }

  deinit {
    losses.deallocate()
    confusions.deallocate()
  }

  func reset() {
    losses.initialize(repeating: 0)
    confusions.initialize(repeating: 0)
  }

  var itemCount: Int { losses.count }

  func run(item: Int, worker: Int) throws {
    let first = item * Self.chunk
    let rows = (first..<min(first + Self.chunk, source.count)).map { Int32($0) }
    let program = caches[worker].program(rows: rows.count)
    let result = rows.withUnsafeBufferPointer {
      program.forward($0, of: source, scale: scale)
    }
    guard result.lossSum.isFinite else {
      throw NonFiniteError(what: "loss of the evaluation", samples: rows)
    }
    losses[item] = result.lossSum
    let mine = worker * classes * classes
    program.forEachPrediction { label, predicted in
      confusions[mine + label * classes + predicted] += 1
    }
  }

  var evaluation: Evaluation {
    let confusion = (0..<classes).map { label in
      (0..<classes).map { predicted in
        (0..<workers).map { confusions[($0 * classes + label) * classes + predicted] }.reduce(0, +)
      }
    }
    let correct = (0..<classes).map { confusion[$0][$0] }.reduce(0, +)
    let count = Double(max(source.count, 1))
    return Evaluation(
      loss: losses.reduce(0, +) / count, accuracy: Double(correct) / count, confusion: confusion)
  }
}
