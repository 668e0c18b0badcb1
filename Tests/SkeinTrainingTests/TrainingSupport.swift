import SkeinData
import SkeinModel
import SkeinRandom
import SkeinTraining
import SkeinWorkers

/// `count` samples of 7 bytes in 3 classes, all different, and learnable: the class leaves a mark.
func makeSplit(_ count: Int, seed: UInt64 = 5) -> Split {
  var generator = MersenneTwister(seed: seed)
  var samples: [UInt8] = []
  var labels: [Int32] = []
  for _ in 0..<count {
    let label = Int32(generator.next32() % 3)
    labels.append(label)
    for pixel in 0..<7 {
      let noise = UInt8(generator.next32() % 128)
      samples.append(pixel == Int(label) ? 127 + noise : noise)
    }
  }
  return Split(name: "made", sampleShape: [7], classCount: 3, samples: samples, labels: labels)
}

/// The least parameters of an item of a step's second phase in tests: few, so that the smallest
/// network has several items.
let itemElements = 16

/// Networks of tests are small, and one worker would do all of a batch: as many slices as it has
/// rows for.
let manySlices = 64

/// The parameters after training on `split`, as bits.
func train(
  _ split: Split, scheduler: any BatchScheduler, shards: Int, batchSize: Int, epochs: Int = 2,
  hidden: [Int] = [9, 5],
  activation: Activation = .tanh, loss: Loss = .crossEntropy, dropLast: Bool = false,
  optimizer: StochasticGradientDescent = .init(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3),
  slices: Int? = manySlices, observers: [any TrainingObserver] = []
) throws -> [UInt32] {
  var generator = MersenneTwister(seed: 3)
  let model = FeedForward(
    Network(inputs: 7, hidden: hidden, outputs: 3, activation: activation),
    initializer: .lecture, from: &generator)
  let trainer = Trainer(
    model, loss: loss, source: split, scale: 255, optimizer: optimizer,
    options: TrainingOptions(epochs: epochs, batchSize: batchSize, dropLast: dropLast),
    shards: BatchShards(count: shards), slices: slices, scheduler: scheduler,
    generator: generator)
  _ = try trainer.run(observers: observers)
  return model.parameters[0..<model.parameters.count].map(\.bitPattern)
}

/// A trainer of a fresh network on `source`, whatever its optimizer and its schedule.
func smallTrainer(
  _ source: any SampleSource, optimizer: any Optimizer = StochasticGradientDescent(),
  schedule: (any Schedule)? = nil, clipNorm: Float? = nil, options: TrainingOptions,
  scheduler: any BatchScheduler = SerialScheduler()
) -> Trainer {
  var generator = MersenneTwister(seed: 3)
  let model = FeedForward(
    Network(inputs: 7, hidden: [9, 5], outputs: 3, activation: .tanh), initializer: .lecture,
    from: &generator)
  return Trainer(
    model, objective: Classification(.crossEntropy, classes: 3), source: source,
    optimizer: optimizer, schedule: schedule, clipNorm: clipNorm, options: options,
    shards: BatchShards(count: 2),
    slices: manySlices, scheduler: scheduler, generator: generator, itemElements: itemElements)
}

/// Stops training at a step, as a signal would.
final class StoppingAt: TrainingObserver {
  let stop = StopRequest()
  let step: Int

  init(step: Int) { self.step = step }

  func stepEnded(_ progress: TrainingProgress) {
    if progress.step == step { stop.raise() }
  }
}

/// What tests hand on: a loss for the source's classes, and the scale for splits in memory.
private func objective(_ loss: Loss, _ source: any SampleSource) -> any Objective {
  LossOptions(loss).objective(
    for: source.target, values: (source as? Split)?.valueTargets ?? (source as? Scaled)?.values)
}

private func scaled(_ source: any SampleSource, by scale: Float) -> any SampleSource {
  (source as? Split)?.scaled(by: scale) ?? source
}

extension Trainer {
  convenience init(
    _ model: FeedForward, loss: Loss, source: any SampleSource, scale: Float,
    optimizer: StochasticGradientDescent, options: TrainingOptions, shards: BatchShards,
    slices: Int? = manySlices, scheduler: any BatchScheduler, generator: MersenneTwister
  ) {
    self.init(
      model, objective: objective(loss, source), source: scaled(source, by: scale),
      optimizer: optimizer, options: options, shards: shards, slices: slices,
      scheduler: scheduler, generator: generator, itemElements: itemElements)
  }
}

extension Evaluator {
  convenience init(
    _ model: FeedForward, loss: Loss, source: any SampleSource, scale: Float, workers: Int
  ) {
    self.init(
      model, objective(loss, source), source: scaled(source, by: scale), workers: workers)
  }
}

extension Prediction {
  static func all(
    _ model: FeedForward, loss: Loss, source: any SampleSource, scale: Float, hidden: Bool
  ) throws -> [Prediction] {
    try all(
      model, objective(loss, source), source: scaled(source, by: scale), hidden: hidden)
  }
}
