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

  let optimizer: any Optimizer
  private let source: any SampleSource
  private let options: TrainingOptions
  private let scheduler: any BatchScheduler
  private let schedule: any Schedule
  private let forwardBackward: ForwardBackward
  private let reduceAndUpdate: ReduceAndUpdate
  /// The weights as the forward pass reads them.
  private let panels: WeightPanels
  private let replay: NonFiniteReplay
  /// What is evaluated: the model, or the average of its parameters.
  public let evaluated: FeedForward

  /// - Parameters:
  ///   - model: what is trained, in place.
  ///   - objective: what for.
  ///   - source: the samples that it learns from.
  ///   - optimizer: how a step changes the parameters.
  ///   - schedule: the rate of each step; nil for the optimizer's own rate throughout.
  ///   - clipNorm: the largest Euclidean norm of a step's mean gradient over all parameters, > 0; a
  ///     longer one is shortened to it. Nil for any.
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
    optimizer: any Optimizer, schedule: (any Schedule)? = nil, clipNorm: Float? = nil,
    options: TrainingOptions, shards: BatchShards, slices: Int? = nil,
    scheduler: any BatchScheduler,
    generator: MersenneTwister, reducer: any GradientReducer = TreeReducer(),
    itemElements: Int = 2048
  ) {
    requireFit(model, objective, source)
    self.model = model
    self.source = source
    self.options = options
    let optimizer = options.average.map { Averaging(optimizer, decay: $0) } ?? optimizer
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
      reducer: reducer, panels: panels, clipNorm: clipNorm, gathers: options.accumulate > 1)
    let average = zip(optimizer.stateNames, reduceAndUpdate.states)
      .first { name, _ in name == Averaging.stateName }
    evaluated = FeedForward(model.network, parameters: average?.1 ?? model.parameters)
    replay = NonFiniteReplay(
      model: model, objective: objective, source: source, panels: options.bf16 ? panels : nil)
  }

  /// Trains until the last epoch is done or `stop` is raised: then the step is finished, or the
  /// evaluation left, and another `run` goes on from there.
  ///
  /// - Throws: `NonFiniteError` at a NaN or an infinity, `WorkerError` where samples cannot be had,
  ///   and what the observers throw. An epoch whose evaluation or whose observers fail has been
  ///   trained and has not ended: going on begins with its evaluation.
  /// - Parameters:
  ///   - evaluator: evaluates the test split after each epoch.
  ///   - validator: evaluates the validation samples after each epoch.
  /// - Returns: whether the training is over: the last epoch is done, or the rule for an early stop
  ///   has ended it.
  /// - Precondition: the evaluators have room for the scheduler's workers.
  public func run(
    evaluator: Evaluator? = nil, validator: Evaluator? = nil,
    observers: [any TrainingObserver] = [],
    stop: StopRequest = StopRequest()
  ) throws -> Bool {
    for evaluator in [evaluator, validator] { evaluator?.requireRoom(for: scheduler) }
    while !isOver {
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
      let evaluations = try placed(in: progress.step) {
        try (
          validation: validator?.evaluate(scheduler, stop: stop),
          test: evaluator?.evaluate(scheduler, stop: stop)
        )
      }
      if stop.isRaised { return false }
      let pending = (progress: progress, generator: generator)
      progress.epoch += 1
      var metrics = clock.metrics(
        progress, evaluations.test, validation: evaluations.validation, training: training,
        workers: scheduler.activeWorkers)
      let rate = scalars(of: max(progress.step, 1)).learningRate
      // The Double that is written as the Float is.
      metrics.learningRate = Double("\(rate)")
      for observer in observers { observer.complete(&metrics, training: training) }
      schedule.note(metrics, in: &progress.plateau)
      options.earlyStop?.note(metrics, in: &progress.earlyStop)
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

  /// Whether all epochs are done, or the rule for an early stop has ended the training.
  public var isOver: Bool { progress.epoch >= options.epochs || hasStoppedEarly }

  /// Whether the rule for an early stop has ended the training.
  public var hasStoppedEarly: Bool {
    options.earlyStop.map { $0.isOver(progress.earlyStop) } ?? false
  }

  /// Takes the steps of `order` that the epoch has not taken yet.
  ///
  /// - Returns: whether it took all of them: false where `stop` was raised.
  private func train(
    _ order: EpochOrder, _ observers: [any TrainingObserver], _ stop: StopRequest
  ) throws -> Bool {
    while progress.batch < order.batchCount {
      let batches = progress.batch..<min(progress.batch + options.accumulate, order.batchCount)
      let sums = try placed(in: progress.step + 1, of: source.splitName) {
        try step(batches, of: order)
      }
      progress.step += 1
      progress.batch = batches.upperBound
      progress.totals += sums
      isSound = true
      for observer in observers { try observer.stepEnded(progress) }
      if stop.isRaised { return false }
    }
    return true
  }

  /// One step: the batches' gradients come out of the forward and backward passes, and go into the
  /// reduction to their mean and the update behind the last batch. There is one, unless the options
  /// accumulate several.
  private func step(_ batches: Range<Int>, of order: EpochOrder) throws -> BatchSums {
    var totals = BatchSums()
    let scalars = scalars(of: progress.step + 1)
    for batch in batches {
      let (gradients, sums) = try forwardBackward(order.batch(batch))
      totals += sums
      let part = StepPart(
        isFirst: batch == batches.lowerBound, isLast: batch + 1 == batches.upperBound,
        divisor: totals.divisor)
      isSound = !part.isLast
      try reduceAndUpdate.run(gradients, as: part, scalars, on: scheduler)
    }
    return totals
  }

  private func forwardBackward(
    _ batch: BatchRows
  ) throws -> (gradients: BatchGradients, totals: BatchSums) {
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
    optimizer.scalars(
      step: step,
      learningRate: schedule.learningRate(
        at: SchedulePosition(
          step: step, stepsPerEpoch: stepsPerEpoch, epochs: options.epochs,
          reductions: progress.plateau.reductions)))
  }

  /// How many steps an epoch has, at least 1.
  private var stepsPerEpoch: Int {
    // Division takes as long as the rest of a small network's schedule.
    let batches = progress.batches
    let steps =
      options.accumulate == 1
      ? batches : (batches + options.accumulate - 1) / options.accumulate
    return max(steps, 1)
  }

  /// The optimizer's states, in the order of its `stateNames`, each in the parameters' layout.
  var states: [FloatBuffer] { reduceAndUpdate.states }
}

extension Trainer {
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

  /// Whether `progress` stands between two batches of the present epoch, in the order that the
  /// source gives for it.
  private func isPosition(_ progress: TrainingProgress) -> Bool {
    var drawn = generator
    let order = source.order(
      batchSize: options.batchSize, dropLast: options.dropLast, from: &drawn)
    return progress.batches == order.batchCount && (0...order.batchCount).contains(progress.batch)
      && progress.totals.samples == order.sampleCount(ofFirst: progress.batch)
  }

  /// Stands at `progress`, with parameters and states that somebody has set.
  func begin(at progress: TrainingProgress, _ generator: MersenneTwister) {
    (self.progress, self.generator) = (progress, generator)
    if !isPosition(progress) { (self.progress.batch, self.progress.totals) = (0, BatchSums()) }
    panels.copy(model.parameters)
    isSound = true
  }
}
