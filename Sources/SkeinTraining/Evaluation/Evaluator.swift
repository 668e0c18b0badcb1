import SkeinData
import SkeinModel
import SkeinWorkers

/// Computes loss and accuracy of a model over a whole split, in chunks that workers share.
///
/// Chunks have a fixed size and are added up in order: the same numbers for any thread count.
public final class Evaluator<Source: SampleSource> {
  private let source: Source
  private let phase: EvaluationPhase<Source>
  private let replay: NonFiniteReplay<Source>
  /// What the last `evaluate` gave.
  public private(set) var last: Evaluation?

  public init(_ model: FeedForward, loss: Loss, source: Source, scale: Float, workers: Int) {
    self.source = source
    phase = EvaluationPhase(model, loss: loss, source: source, scale: scale, workers: workers)
    replay = NonFiniteReplay(model: model, loss: loss, source: source, scale: scale)
  }

  /// One pass over the split; nothing but an end to it once `stop` is raised.
  ///
  /// - Throws: `NonFiniteError` where a loss is NaN or infinite, `WorkerError` where samples cannot
  ///   be had.
  public func evaluate(
    _ scheduler: any BatchScheduler, stop: StopRequest = StopRequest()
  ) throws -> Evaluation {
    phase.begin(stop)
    do {
      try scheduler.run(phase)
    } catch let loss as NonFiniteLoss {
      var error = replay.cause(loss.samples)
      error.split = (source as? Split)?.name
      throw error
    }
    let evaluation = phase.evaluation
    last = evaluation
    return evaluation
  }
}

/// `@unchecked Sendable`: `begin` runs while no worker does; item `i` alone writes `losses[i]`,
/// `mistakes[i]` and its chunk of `labels` and `predictions`, and worker `w` alone uses
/// `caches[w]`.
private final class EvaluationPhase<Source: SampleSource>: Phase, @unchecked Sendable {
  private let source: Source
  private let loss: Loss
  private let scale: Float
  private let classes: Int
  private let caches: [ProgramCache]
  private let losses: UnsafeMutableBufferPointer<Double>
  private let labels: UnsafeMutableBufferPointer<Int32>
  private let predictions: UnsafeMutableBufferPointer<Int32>
  private let mistakes: UnsafeMutableBufferPointer<[Mistake]>
  private var stop = StopRequest()

  init(_ model: FeedForward, loss: Loss, source: Source, scale: Float, workers: Int) {
    self.source = source
    self.loss = loss
    self.scale = scale
    classes = model.architecture.outputs
    caches = (0..<workers).map { _ in ProgramCache(model, loss: loss, trains: false) }
    let chunks = (source.count + Evaluation.chunk - 1) / Evaluation.chunk
    losses = .allocate(capacity: chunks)
    losses.initialize(repeating: 0)
    labels = .allocate(capacity: source.count)
    labels.initialize(repeating: 0)
    predictions = .allocate(capacity: source.count)
    predictions.initialize(repeating: 0)
    mistakes = .allocate(capacity: chunks)
    mistakes.initialize(repeating: [])
  }

  deinit {
    losses.deallocate()
    labels.deallocate()
    predictions.deallocate()
    mistakes.deinitialize()
    mistakes.deallocate()
  }

  func begin(_ stop: StopRequest) { self.stop = stop }

  var itemCount: Int { losses.count }

  func run(item: Int, worker: Int) throws {
    if stop.isRaised { return }
    let first = item * Evaluation.chunk
    let rows = (first..<min(first + Evaluation.chunk, source.count)).map { Int32($0) }
    let program = caches[worker].program(rows: rows.count)
    let result: ShardResult
    do {
      result = try rows.withUnsafeBufferPointer {
        try program.forward($0, of: source, scale: scale)
      }
    } catch {
      throw WorkerError(
        worker: worker, item: "chunk \(item + 1) of the evaluation", samples: rows,
        underlying: error)
    }
    guard result.lossSum.isFinite else { throw NonFiniteLoss(samples: rows) }
    losses[item] = result.lossSum
    mistakes[item] = program.mistakes(first: first, loss: loss)
    program.forEachPrediction { row, label, predicted in
      labels[first + row] = Int32(label)
      predictions[first + row] = Int32(predicted)
    }
  }

  var evaluation: Evaluation {
    Evaluation(
      loss: losses.reduce(0, +) / Double(max(source.count, 1)), labels: Array(labels),
      predictions: Array(predictions), classCount: classes,
      mistakes: Mistake.surest(mistakes.joined()))
  }
}
