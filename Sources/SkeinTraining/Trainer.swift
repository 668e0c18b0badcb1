import SkeinData
import SkeinKernels
import SkeinModel
import SkeinRandom
import SkeinWorkers

/// Trains a model: the textbook loop.
///
/// For each epoch, for each batch: the workers compute the batch shards' gradient sums (read,
/// forward, loss, backward); the reducer makes them one mean, and the optimizer updates the
/// parameters with it.
public final class Trainer {
  /// What is trained. Its parameters change during `run`.
  public let model: FeedForward
  /// How far training has come: epochs, steps, batches, and what the epoch adds up to.
  public private(set) var progress = TrainingProgress()
  /// The run's generator as the present epoch found it: drawing the epoch's order from it again
  /// gives the same order, which is how a run goes on in mid-epoch.
  public private(set) var generator: MersenneTwister
  /// Whether a checkpoint made now can be resumed: training stands between two steps, and its
  /// numbers are finite. False during an update, and after one that failed.
  public private(set) var isSound = true

  let source: any SampleSource
  let options: TrainingOptions
  let optimizer: any Optimizer
  let scheduler: any BatchScheduler
  private let schedule: any Schedule
  private let forwardBackward: ForwardBackward
  private let reduceAndUpdate: ReduceAndUpdate
  private let replay: NonFiniteReplay

  /// - Parameters:
  ///   - model: what is trained, in place.
  ///   - objective: what for.
  ///   - source: the samples that it learns from.
  ///   - optimizer: how a step changes the parameters.
  ///   - schedule: the rate of each step; nil for the optimizer's own rate throughout.
  ///   - options: how long, and in what batches.
  ///   - shards: how a batch is cut. The trained bits depend on it.
  ///   - scheduler: what the work runs on. The trained bits do not depend on it.
  ///   - generator: what the epochs' orders are drawn from.
  ///   - reducer: how batch shards' gradients become one.
  ///   - itemElements: the least number of parameters that a worker reduces and updates at a time,
  ///     > 0; no bit depends on it.
  /// - Precondition: the model takes the source's samples, and the objective its outputs and the
  ///   source's targets.
  public init(
    _ model: FeedForward, objective: any Objective, source: any SampleSource,
    optimizer: any Optimizer, schedule: (any Schedule)? = nil, options: TrainingOptions,
    shards: BatchShards, scheduler: any BatchScheduler, generator: MersenneTwister,
    reducer: any GradientReducer = TreeReducer(), itemElements: Int = 2048
  ) {
    precondition(
      model.network.inputs == source.sampleSize && objective.target == source.target
        && objective.target == .classes(model.network.outputs),
      "a model of widths \(model.network.widths) for samples of \(source.sampleSize) and targets "
        + "\(source.target)")
    self.model = model
    self.source = source
    self.options = options
    self.optimizer = optimizer
    self.schedule = schedule ?? ConstantSchedule(optimizer.learningRate)
    self.scheduler = scheduler
    self.generator = generator
    forwardBackward = ForwardBackward(model, objective, source: source, shards: shards)
    reduceAndUpdate = ReduceAndUpdate(
      model,
      ParameterPartition(model.network.layout, sums: shards.count, leastElements: itemElements),
      batchShards: shards.count, workers: scheduler.workerCount, optimizer: optimizer,
      reducer: reducer)
    replay = NonFiniteReplay(model: model, objective: objective, source: source)
  }

  /// Trains until the last epoch is done or `stop` is raised: then the step is finished, or the
  /// evaluation left, and another `run` goes on from there.
  ///
  /// - Throws: `NonFiniteError` at a NaN or an infinity, `WorkerError` where samples cannot be had,
  ///   and what the observers throw. An epoch whose evaluation or whose observers fail has been
  ///   trained and has not ended: going on begins with its evaluation.
  /// - Returns: whether the last epoch is done.
  public func run(
    evaluator: Evaluator? = nil, observers: [any TrainingObserver] = [],
    stop: StopRequest = StopRequest()
  ) throws -> Bool {
    while progress.epoch < options.epochs {
      let clock = EpochClock(samples: progress.totals.samples)
      var drawn = generator
      let order = source.order(
        batchSize: options.batchSize, dropLast: options.dropLast, from: &drawn)
      progress.batches = order.batchCount
      for batch in progress.batch..<max(order.batchCount, progress.batch) {
        let sums = try placed { try step(order.batch(batch)) }
        progress.step += 1
        progress.batch = batch + 1
        progress.totals += sums
        isSound = true
        for observer in observers { try observer.stepEnded(progress) }
        if stop.isRaised { return false }
      }
      let training = clock.seconds
      let evaluation = try placed { try evaluator?.evaluate(scheduler, stop: stop) }
      if stop.isRaised { return false }
      let pending = (progress: progress, generator: generator)
      progress.epoch += 1
      var metrics = clock.metrics(
        progress, evaluation, training: training, workers: scheduler.activeWorkers)
      for observer in observers { observer.complete(&metrics, training: training) }
      (progress.batch, progress.totals) = (0, BatchSums())
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

  /// One step: the batch's gradients come out of the forward and backward passes, and go into the
  /// reduction to their mean and the update.
  private func step(_ batch: BatchRows) throws -> BatchSums {
    let gradients = try forwardBackward(batch)
    isSound = false
    try reduceAndUpdate.run(gradients, scalars, on: scheduler)
    return gradients.totals
  }

  private func forwardBackward(_ batch: BatchRows) throws -> BatchGradients {
    do {
      return try forwardBackward.run(batch, on: scheduler)
    } catch let loss as NonFiniteLoss {
      let error = replay.cause(loss.samples)
      // Training can go on from here once a bad sample is mended, but not from parameters that
      // overflow.
      isSound = error.isOfSamples
      throw error
    }
  }

  /// What is the same for all parameters in the step that comes next.
  var scalars: StepScalars {
    let steps = options.epochs.multipliedReportingOverflow(by: max(progress.batches, 1))
    let step = progress.step + 1
    return StepScalars(
      step: step,
      learningRate: schedule.learningRate(
        step: step, of: steps.overflow ? .max : steps.partialValue))
  }
}

extension Trainer {
  /// Where training stands. O(parameters): a copy.
  public var state: TrainingState {
    TrainingState(
      progress: progress, parameters: model.parameters[0..<model.parameters.count],
      optimizer: zip(optimizer.stateNames, reduceAndUpdate.states).map { name, values in
        TrainingState.OptimizerState(name: name, values: values[0..<values.count])
      }, generator: generator)
  }

  /// Goes on from `state`, or from the beginning of its epoch where batches had another size. A
  /// saved state that the optimizer does not have is ignored, and one that was not saved stays as
  /// it is. O(parameters).
  ///
  /// - Precondition: its parameters have the model's layout.
  public func restore(_ state: TrainingState) {
    progress = state.progress
    let batches = EpochOrder.batchCount(
      of: source.count, batchSize: options.batchSize, dropLast: options.dropLast)
    let isWhole =
      progress.batches == batches
      && progress.totals.samples == min(progress.batch * options.batchSize, source.count)
    if !isWhole { (progress.batch, progress.totals) = (0, BatchSums()) }
    generator = state.generator
    model.parameters[0..<model.parameters.count] = state.parameters
    for (name, values) in zip(optimizer.stateNames, reduceAndUpdate.states) {
      guard let saved = state.optimizer.first(where: { $0.name == name }) else { continue }
      values[0..<values.count] = saved.values
    }
    isSound = true
  }

  /// The digests of the parameters and of the optimizer's states. O(parameters).
  public var digest: TrainingDigest {
    TrainingDigest(
      model.network.layout, parameters: model.parameters, states: reduceAndUpdate.states)
  }

  /// Runs `body`, and adds to a `NonFiniteError` that it throws where training stands.
  private func placed<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var error as NonFiniteError {
      error.split = error.split ?? source.splitName
      error.epoch = progress.epoch + 1
      error.step = progress.step + (progress.batch == progress.batches ? 0 : 1)
      error.learningRate = scalars.learningRate
      error.hasUpdated = progress.step > 0
      throw error
    }
  }
}
