import SkeinAutograd
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinWorkers

/// Computes loss and accuracy, or errors, of a model over a whole split, in chunks that workers
/// share.
///
/// Chunks have a fixed size and are added up in order: the same numbers for any thread count.
public final class Evaluator {
  private let source: any SampleSource
  private let workers: Int
  private let phase: EvaluationPhase
  private let replay: NonFiniteReplay
  /// What the last `evaluate` gave that came to its end; nil before the first one.
  public private(set) var last: Evaluation?

  /// - Parameters:
  ///   - model: what is evaluated, with its parameters as they are when `evaluate` runs.
  ///   - objective: gives the loss and the scores.
  ///   - source: the samples, all of which are used.
  ///   - workers: the schedulers that run it have at most so many workers, > 0. Each has a tape for
  ///     a chunk of samples.
  /// - Precondition: the model takes the source's samples, and the objective its outputs and the
  ///   source's targets.
  public init(
    _ model: FeedForward, _ objective: any Objective, source: any SampleSource, workers: Int
  ) {
    requireFit(model, objective, source)
    require(workers > 0, "an evaluator for \(workers) workers")
    self.source = source
    self.workers = workers
    phase = EvaluationPhase(model, objective, source: source, workers: workers)
    replay = NonFiniteReplay(model: model, objective: objective, source: source)
  }

  /// Evaluates the whole split. Once `stop` is raised it returns soon, with a result that is not to
  /// be used, and that does not become the last one.
  ///
  /// - Throws: `NonFiniteError` where a loss is NaN or infinite, `WorkerError` where samples cannot
  ///   be had.
  /// - Precondition: `scheduler` has at most as many workers as the evaluator was made for.
  public func evaluate(
    _ scheduler: any BatchScheduler, stop: StopRequest = StopRequest()
  ) throws -> Evaluation {
    requireRoom(for: scheduler)
    phase.begin(stop)
    do {
      try scheduler.run(phase)
    } catch let loss as NonFiniteLoss {
      var error = replay.cause(loss.samples)
      error.split = source.splitName
      throw error
    }
    let evaluation = phase.evaluation
    // Nobody lowers a stop, so without one no chunk was left out.
    if !stop.isRaised { last = evaluation }
    return evaluation
  }

  /// Stops the program where `scheduler` has more workers than there are tapes.
  func requireRoom(for scheduler: any BatchScheduler) {
    require(
      scheduler.workerCount <= workers,
      "a scheduler of \(scheduler.workerCount) workers for an evaluator made for \(workers)")
  }
}

/// `@unchecked Sendable`: `begin` runs while no worker does; item `i` alone writes `sums[i]`,
/// `mistakes[i]` and its chunk of `labels` and `predictions`, or of `values` and `outputs`, and
/// worker `w` alone uses `recorded[w]`.
private final class EvaluationPhase: Phase, @unchecked Sendable {
  let name = "evaluation"
  private let source: any SampleSource
  private let objective: any Objective
  private let classes: Int
  private let recorded: [Recordings<RecordedBatch>]
  private let sums: UnsafeMutableBufferPointer<BatchSums>
  private let labels: UnsafeMutableBufferPointer<Int32>
  private let predictions: UnsafeMutableBufferPointer<Int32>
  /// The targets of all samples as the source gives them, and what the network gives, where these
  /// are values.
  private let values: UnsafeMutableBufferPointer<Float>
  private let outputs: UnsafeMutableBufferPointer<Float>
  private let mistakes: UnsafeMutableBufferPointer<[Mistake]>
  private var stop = StopRequest()

  init(
    _ model: FeedForward, _ objective: any Objective, source: any SampleSource, workers: Int
  ) {
    self.source = source
    self.objective = objective
    classes = source.classCount
    recorded = (0..<workers).map { _ in
      Recordings {
        RecordedBatch(
          model, objective, samples: $0, hasWeights: source.hasWeights, trains: false)
      }
    }
    let chunks = Evaluation.chunkCount(of: source.count)
    sums = .allocate(capacity: chunks)
    sums.initialize(repeating: BatchSums())
    let labelled = classes > 0 ? source.count : 0
    labels = .allocate(capacity: labelled)
    labels.initialize(repeating: 0)
    predictions = .allocate(capacity: labelled)
    predictions.initialize(repeating: 0)
    let valued = classes > 0 ? 0 : source.count * source.target.outputs
    values = .allocate(capacity: valued)
    values.initialize(repeating: 0)
    outputs = .allocate(capacity: valued)
    outputs.initialize(repeating: 0)
    mistakes = .allocate(capacity: chunks)
    mistakes.initialize(repeating: [])
  }

  deinit {
    sums.deallocate()
    labels.deallocate()
    predictions.deallocate()
    values.deallocate()
    outputs.deallocate()
    mistakes.deinitialize()
    mistakes.deallocate()
  }

  func begin(_ stop: StopRequest) { self.stop = stop }

  var itemCount: Int { sums.count }

  func run(item: Int, worker: Int) throws {
    if stop.isRaised { return }
    let first = item * Evaluation.chunk
    let rows = Evaluation.rows(ofChunk: item, of: source.count)
    let batch = recorded[worker].recording(rows: rows.count)
    do {
      try BatchRows.with(rows) { try batch.forward($0, as: rows.indices, of: source) }
    } catch {
      throw WorkerError(
        worker: worker, item: "chunk \(item + 1) of the evaluation", samples: rows,
        underlying: error)
    }
    let sums = batch.sums
    guard sums.loss.isFinite else { throw NonFiniteLoss(samples: rows) }
    self.sums[item] = sums
    guard classes > 0 else {
      let place = first * source.target.outputs
      for (index, value) in batch.input.values.enumerated() { values[place + index] = value }
      batch.outputs.withValues { found in
        for (index, value) in found.enumerated() { outputs[place + index] = value }
      }
      return
    }
    let (answers, truth) = (batch.outputs.argMax(), batch.input.labels)
    for (row, answer) in answers.enumerated() {
      labels[first + row] = truth[row]
      predictions[first + row] = Int32(answer)
    }
    mistakes[item] = Mistake.surest(
      batch.outputs, answers, truth, first: first,
      givesProbabilities: objective.givesProbabilities)
  }

  var evaluation: Evaluation {
    let loss = sums.reduce(into: BatchSums(), +=).meanLoss
    if let targets = objective.values {
      return Evaluation(
        loss: loss,
        values: ValueEvaluation(targets, targets: Array(values), predictions: Array(outputs)))
    }
    return Evaluation(
      loss: loss, labels: Array(labels),
      predictions: Array(predictions), classCount: classes,
      mistakes: Mistake.surest(mistakes.joined()))
  }
}
