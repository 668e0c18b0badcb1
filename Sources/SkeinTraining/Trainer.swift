import SkeinData
import SkeinKernels
import SkeinModel
import SkeinRandom
import SkeinWorkers

/// Trains a model: the textbook loop.
///
/// For each epoch, for each batch: the workers run the forward and backward passes of its slices;
/// then, block by block of the parameters, they compute the batch shards' gradient sums, the
/// reducer makes them one mean, and the optimizer updates the parameters with it.
public final class Trainer {
  /// What is trained. Its parameters change during `run`; others may change them between two epochs
  /// only, because a step reads copies of them.
  public let model: FeedForward
  /// How far training has come: epochs, steps, batches, and what the epoch adds up to.
  public private(set) var progress = TrainingProgress()
  /// The run's generator as the present epoch found it: drawing the epoch's order from it again
  /// gives the same order, which is how a run goes on in mid-epoch.
  public private(set) var generator: MersenneTwister
  /// Whether a checkpoint made now can be resumed: training stands between two steps, and its
  /// numbers are finite. False during an update, and after one that failed.
  public private(set) var isSound = true

  private let source: any SampleSource
  private let options: TrainingOptions
  private let optimizer: any Optimizer
  private let scheduler: any BatchScheduler
  private let schedule: any Schedule
  private let forwardBackward: ForwardBackward
  private let reduceAndUpdate: ReduceAndUpdate
  /// The weights as the forward pass reads them.
  private let panels: WeightPanels
  private let replay: NonFiniteReplay

  /// - Parameters:
  ///   - model: what is trained, in place.
  ///   - objective: what for.
  ///   - source: the samples that it learns from.
  ///   - optimizer: how a step changes the parameters.
  ///   - schedule: the rate of each step; nil for the optimizer's own rate throughout.
  ///   - options: how long, and in what batches.
  ///   - shards: how a batch is cut for the reducer. The trained bits depend on it.
  ///   - slices: how many pieces of a batch go through forward and backward pass one by one, > 0;
  ///     nil for as many as suit the workers. No bit depends on it.
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
    shards: BatchShards, slices: Int? = nil, scheduler: any BatchScheduler,
    generator: MersenneTwister, reducer: any GradientReducer = TreeReducer(),
    itemElements: Int = 2048
  ) {
    requireFit(model, objective, source)
    self.model = model
    self.source = source
    self.options = options
    self.optimizer = optimizer
    self.schedule = schedule ?? ConstantSchedule(optimizer.learningRate)
    self.scheduler = scheduler
    self.generator = generator
    panels = model.makePanels(areBFloat16: options.bf16)
    forwardBackward = ForwardBackward(
      model, objective, source: source, shards: shards, slices: slices, panels: panels)
    reduceAndUpdate = ReduceAndUpdate(
      model,
      ParameterPartition(
        model.network.layout, sums: shards.count, workers: scheduler.workerCount,
        leastElements: itemElements),
      batchShards: shards.count, workers: scheduler.workerCount, optimizer: optimizer,
      reducer: reducer, panels: panels)
    replay = NonFiniteReplay(
      model: model, objective: objective, source: source, panels: options.bf16 ? panels : nil)
  }

  /// Trains until the last epoch is done or `stop` is raised: then the step is finished, or the
  /// evaluation left, and another `run` goes on from there.
  ///
  /// - Throws: `NonFiniteError` at a NaN or an infinity, `WorkerError` where samples cannot be had,
  ///   and what the observers throw. An epoch whose evaluation or whose observers fail has been
  ///   trained and has not ended: going on begins with its evaluation.
  /// - Returns: whether the last epoch is done.
  /// - Precondition: the evaluator has room for the scheduler's workers.
  public func run(
    evaluator: Evaluator? = nil, observers: [any TrainingObserver] = [],
    stop: StopRequest = StopRequest()
  ) throws -> Bool {
    evaluator?.requireRoom(for: scheduler)
    while progress.epoch < options.epochs {
      // Whoever changed parameters between two epochs is heard.
      panels.copy(model.parameters)
      let clock = EpochClock(
        samples: progress.totals.samples, areValues: source.classCount == 0)
      var drawn = generator
      let order = source.order(
        batchSize: options.batchSize, dropLast: options.dropLast, from: &drawn)
      progress.batches = order.batchCount
      // Its batches are views on its memory.
      let isTrained = try withExtendedLifetime(order) { try train(order, observers, stop) }
      if !isTrained { return false }
      let training = clock.seconds
      let evaluation = try placed(in: progress.step) {
        try evaluator?.evaluate(scheduler, stop: stop)
      }
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

  /// Takes the steps of `order` that the epoch has not taken yet.
  ///
  /// - Returns: whether it took all of them: false where `stop` was raised.
  private func train(
    _ order: EpochOrder, _ observers: [any TrainingObserver], _ stop: StopRequest
  ) throws -> Bool {
    for batch in progress.batch..<max(order.batchCount, progress.batch) {
      let sums = try placed(in: progress.step + 1, of: source.splitName) {
        try step(order.batch(batch))
      }
      progress.step += 1
      progress.batch = batch + 1
      progress.totals += sums
      isSound = true
      for observer in observers { try observer.stepEnded(progress) }
      if stop.isRaised { return false }
    }
    return true
  }

  /// One step: the batch's gradients come out of the forward and backward passes, and go into the
  /// reduction to their mean and the update.
  private func step(_ batch: BatchRows) throws -> BatchSums {
    let gradients = try forwardBackward(batch)
    isSound = false
    try reduceAndUpdate.run(gradients, scalars(of: progress.step + 1), on: scheduler)
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

  /// What is the same for all parameters in step `step`, from 1.
  private func scalars(of step: Int) -> StepScalars {
    let steps = options.epochs.multipliedReportingOverflow(by: max(progress.batches, 1))
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
  /// saved state that the optimizer does not have is ignored, and one that was not saved becomes 0,
  /// as before the first step. O(parameters), and as much as the source takes for an epoch's order.
  ///
  /// - Precondition: its parameters and its optimizer's states have the model's layout.
  public func restore(_ state: TrainingState) {
    (progress, generator) = (state.progress, state.generator)
    if !isPosition(progress) { (progress.batch, progress.totals) = (0, BatchSums()) }
    model.parameters[0..<model.parameters.count] = state.parameters
    for (name, values) in zip(optimizer.stateNames, reduceAndUpdate.states) {
      if let saved = state.optimizer.first(where: { $0.name == name }) {
        values[0..<values.count] = saved.values
      } else {
        values.withMutableValues(0..<values.count) { $0.update(repeating: 0) }
      }
    }
    panels.copy(model.parameters)
    isSound = true
  }

  /// Whether `progress` stands between two batches of the present epoch, in the order that the
  /// source gives for it.
  private func isPosition(_ progress: TrainingProgress) -> Bool {
    var drawn = generator
    let order = source.order(
      batchSize: options.batchSize, dropLast: options.dropLast, from: &drawn)
    return progress.batches == order.batchCount && (0...order.batchCount).contains(progress.batch)
      && progress.totals.samples == order.sampleCount(ofFirst: progress.batch)
  }

  /// The digests of the parameters and of the optimizer's states. O(parameters).
  public var digest: TrainingDigest {
    TrainingDigest(
      model.network.layout, parameters: model.parameters, states: reduceAndUpdate.states)
  }

  /// Runs `body`, and adds to a `NonFiniteError` that it throws where training stands.
  ///
  /// - Parameters:
  ///   - step: the step that `body` is, or that it comes behind.
  ///   - split: the split whose samples `body` uses, unless the error names one; nil where that has
  ///     no name.
  private func placed<Result>(
    in step: Int, of split: @autoclosure () -> String? = nil, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch var error as NonFiniteError {
      error.split = error.split ?? split()
      error.epoch = progress.epoch + 1
      error.step = step
      // Before the first step it is the one that training will begin with.
      error.learningRate = scalars(of: max(step, 1)).learningRate
      error.hasUpdated = progress.step > 0
      throw error
    }
  }
}
