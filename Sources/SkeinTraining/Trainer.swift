import SkeinData
import SkeinKernels
import SkeinModel
import SkeinRandom
import SkeinWorkers

/// What watches a training run: progress, logs, checkpoints.
public protocol TrainingObserver: AnyObject {
  /// After every step; keep it cheap.
  func stepEnded(_ progress: TrainingProgress) throws
  /// Adds to an epoch's numbers what the observer knows of it, such as warnings: called before
  /// `epochEnded`, and again where an epoch's end is tried again.
  ///
  /// - Parameter training: the seconds of the epoch's training part.
  func complete(_ metrics: inout EpochMetrics, training: Double)
  /// After every epoch and its evaluation.
  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws
}

extension TrainingObserver {
  public func complete(_ metrics: inout EpochMetrics, training: Double) {}
}

/// Trains a model: the textbook loop.
///
/// For each epoch, for each batch: the workers compute the batch shards' gradient sums (forward,
/// loss, backward), the reducer makes them one mean, the optimizer updates the parameters.
public final class Trainer<Source: SampleSource> {
  public let model: FeedForward
  public private(set) var progress = TrainingProgress()
  /// The run's generator as the present epoch found it: drawing the epoch's order from it again
  /// gives the same order, which is how a run goes on in mid-epoch.
  public private(set) var generator: MersenneTwister
  /// The optimizer's velocity, in the parameters' layout; nil without momentum.
  public var velocity: FloatBuffer? { update.velocity }
  /// Whether it stands between two steps, with finite numbers, so that a checkpoint of it can be
  /// gone on from. False during an update, and after one that failed.
  public private(set) var isSound = true

  private let source: Source
  private let options: TrainingOptions
  private let optimizer: StochasticGradientDescent
  private let scheduler: any BatchScheduler
  private let gradient: GradientPhase<Source>
  private let update: UpdatePhase
  private let replay: NonFiniteReplay<Source>

  /// - Precondition: the model's inputs and outputs are the source's sample size and classes.
  public init(
    _ model: FeedForward, loss: Loss, source: Source, scale: Float,
    optimizer: StochasticGradientDescent, options: TrainingOptions, shards: BatchShards,
    scheduler: any BatchScheduler, generator: MersenneTwister,
    reducer: any GradientReducer = TreeReducer()
  ) {
    precondition(
      model.architecture.inputs == source.sampleSize
        && model.architecture.outputs == source.classCount,
      "a model of widths \(model.architecture.widths) for samples of \(source.sampleSize)")
    self.model = model
    self.source = source
    self.options = options
    self.optimizer = optimizer
    self.scheduler = scheduler
    self.generator = generator
    gradient = GradientPhase(
      model, loss: loss, source: source, scale: scale, shards: shards)
    update = UpdatePhase(
      model, gradients: gradient, batchShards: shards.count, workers: scheduler.workerCount,
      optimizer: optimizer, reducer: reducer)
    replay = NonFiniteReplay(model: model, loss: loss, source: source, scale: scale)
  }

  /// Where training stands. O(parameters): a copy.
  public var state: TrainingState {
    TrainingState(
      progress: progress, parameters: model.parameters[0..<model.parameters.count],
      velocity: velocity.map { $0[0..<$0.count] }, generator: generator)
  }

  /// Goes on from `state`; from the beginning of its epoch where batches were cut otherwise.
  ///
  /// - Precondition: its parameters have the model's layout.
  public func restore(_ state: TrainingState) {
    progress = state.progress
    let batches = EpochOrder.batchCount(
      of: source.count, batchSize: options.batchSize, dropLast: options.dropLast)
    let isWhole =
      progress.batches == batches
      && progress.totals.samples == min(progress.batch * options.batchSize, source.count)
    if !isWhole { (progress.batch, progress.totals) = (0, ShardResult()) }
    generator = state.generator
    model.parameters[0..<model.parameters.count] = state.parameters
    if let saved = state.velocity { velocity?[0..<saved.count] = saved }
  }

  /// Trains until the last epoch is done or `stop` is raised: then the step is finished, or the
  /// evaluation left, and another `run` goes on from there.
  ///
  /// - Throws: `NonFiniteError` at a NaN or an infinity, `WorkerError` where samples cannot be had,
  ///   and what the observers throw. An epoch whose evaluation or whose observers fail has been
  ///   trained and has not ended: going on begins with its evaluation.
  /// - Returns: whether the last epoch is done.
  public func run(
    evaluator: Evaluator<Source>? = nil, observers: [any TrainingObserver] = [],
    stop: StopRequest = StopRequest()
  ) throws -> Bool {
    while progress.epoch < options.epochs {
      let start = Clock.monotonic.now()
      var drawn = generator
      let order = EpochOrder(
        count: source.count, batchSize: options.batchSize, dropLast: options.dropLast,
        from: &drawn)
      progress.batches = order.batchCount
      let resumed = progress.totals.samples
      for batch in progress.batch..<max(order.batchCount, progress.batch) {
        let isLast = batch + 1 == order.batchCount
        let result = try step(
          order.rows, order.batch(batch), then: isLast ? 0..<0 : order.batch(batch + 1))
        progress.step += 1
        progress.batch = batch + 1
        progress.totals.lossSum += result.lossSum
        progress.totals.correct += result.correct
        progress.totals.samples += result.samples
        isSound = true
        for observer in observers { try observer.stepEnded(progress) }
        if stop.isRaised { return false }
      }
      let training = Clock.monotonic.seconds(since: start)
      let evaluation = try placed { try evaluator?.evaluate(scheduler, stop: stop) }
      if stop.isRaised { return false }
      let pending = (progress: progress, generator: generator)
      progress.epoch += 1
      var metrics = metrics(evaluation, start: start, training: training, resumed: resumed)
      for observer in observers { observer.complete(&metrics, training: training) }
      (progress.batch, progress.totals) = (0, ShardResult())
      generator = drawn
      do {
        for observer in observers { try observer.epochEnded(metrics, progress) }
      } catch {
        (progress, generator) = pending
        throw error
      }
    }
    return true
  }

  /// One step: workers compute gradient sums, then form, reduce and update block by block.
  private func step(
    _ rows: [Int32], _ batch: Range<Int>, then nextBatch: Range<Int>
  ) throws -> ShardResult {
    try rows.withUnsafeBufferPointer { all in
      let rows = UnsafeBufferPointer(rebasing: all[batch])
      return try placed {
        gradient.begin(rows, then: UnsafeBufferPointer(rebasing: all[nextBatch]))
        do {
          try scheduler.run(gradient)
        } catch let loss as NonFiniteLoss {
          let error = replay.cause(loss.samples)
          // A sample may be mended; parameters that overflow are none to go on from.
          isSound = error.isOfSamples
          throw error
        }
        isSound = false
        update.begin(shards: gradient.itemCount, samples: rows.count)
        try scheduler.run(update)
        guard update.isFinite else {
          throw update.cause(model.architecture.layout)
        }
        return gradient.total
      }
    }
  }

  /// Tells a NaN or an infinity in `body` where training stands.
  private func placed<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as NonFiniteError {
      error.split = error.split ?? (source as? Split)?.name
      error.epoch = progress.epoch + 1
      error.step = progress.step + (progress.batch == progress.batches ? 0 : 1)
      error.learningRate = optimizer.learningRate
      error.hasUpdated = progress.step > 0
      throw error
    }
  }

  private func metrics(
    _ evaluation: Evaluation?, start: Int, training: Double, resumed: Int
  ) -> EpochMetrics {
    let samples = Double(max(progress.totals.samples, 1))
    return EpochMetrics(
      epoch: progress.epoch, step: progress.step, trainLoss: progress.totals.lossSum / samples,
      trainAccuracy: Double(progress.totals.correct) / samples, testLoss: evaluation?.loss,
      testAccuracy: evaluation?.accuracy,
      samplesPerSecond: Double(progress.totals.samples - resumed) / max(training, 1e-9),
      seconds: Clock.monotonic.seconds(since: start), threads: scheduler.activeWorkers)
  }
}
