import SkeinData
import SkeinModel
import SkeinRandom
import SkeinTraining
import SkeinWorkers
import Testing

/// Where an error says that numbers went bad: the step with its rate, the split, the parameter.
@Suite struct FailurePlaceTests {
  /// Another rate for each step.
  private struct Falling: Schedule {
    func learningRate(at position: SchedulePosition) -> Float { 0.1 / Float(position.step) }
  }

  /// Spoils the model behind a step.
  private final class SpoilingAfter: TrainingObserver {
    let step: Int
    let model: FeedForward
    init(step: Int, _ model: FeedForward) { (self.step, self.model) = (step, model) }

    func stepEnded(_ progress: TrainingProgress) {
      if progress.step == step { model.parameters[0..<1] = [.nan] }
    }
  }

  private func trainer() -> Trainer {
    smallTrainer(
      makeSplit(40).scaled(by: 255), schedule: Falling(),
      options: TrainingOptions(epochs: 2, batchSize: 8))
  }

  @Test(arguments: [1, 4, 5, 7])
  func theRateIsThatOfTheStep(step: Int) throws {
    let trainer = trainer()
    let error = try #require(throws: NonFiniteError.self) {
      _ = try trainer.run(observers: [SpoilingAfter(step: step, trainer.model)])
    }
    #expect(error.step == step + 1 && error.learningRate == Float(0.1) / Float(step + 1))
    #expect(error.epoch == step / 5 + 1 && error.split == "made", "\(error)")
  }

  /// A source without a name.
  private struct Nameless: SourceWrapper {
    let base: any SampleSource
    var splitName: String? { nil }
  }

  /// An evaluation comes behind the last step of its epoch, and its samples are not the training's.
  @Test(arguments: [false, true])
  func anEvaluationIsBehindItsStep(hasName: Bool) throws {
    let trainer = trainer()
    var values = [Float](repeating: 1, count: 7 * 9)
    values[7 * 5] = .nan
    let poisoned = Split(
      name: "held out", sampleShape: [7], classCount: 3, samples: values,
      labels: [Int32](repeating: 0, count: 9))
    let source: any SampleSource = hasName ? poisoned : Nameless(base: poisoned)
    let evaluator = Evaluator(
      trainer.model, Classification(.crossEntropy, classes: 3), source: source, workers: 1)
    let error = try #require(throws: NonFiniteError.self) {
      _ = try trainer.run(evaluator: evaluator)
    }
    #expect(error.cause == .sample && error.samples == [5])
    #expect(error.epoch == 1 && error.step == 5 && error.learningRate == Float(0.1) / 5)
    #expect(error.split == (hasName ? "held out" : nil), "\(error)")
  }

  /// A weight matrix of more than 64 rows is more than one block: here the last one overflows.
  ///
  /// Neuron 65 gives 0 for every sample, so loss and outputs are ordinary, and its gradient is
  /// 10³⁷ times as large as that of others. Only one sample is not 0, and makes that infinite.
  @Test(arguments: [1, 3])
  func anOverflowInALaterBlockIsFound(threads: Int) throws {
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(
      Network(inputs: 7, hidden: [70], outputs: 3, activation: .tanh), initializer: .he,
      from: &generator)
    let (hidden, outputs) = (model.network.layout.entries[0], model.network.layout.entries[2])
    #expect(hidden.name == "layers.0.weight" && outputs.name == "layers.1.weight")
    let row = hidden.offset + 65 * 7
    model.parameters[row..<(row + 7)] = [Float](repeating: 0, count: 7)
    for (unit, weight) in [Float(1e37), 0, 0].enumerated() {
      let place = outputs.offset + unit * 70 + 65
      model.parameters[place..<(place + 1)] = [weight]
    }
    var values = [Float](repeating: 0, count: 7 * 8)
    for element in 0..<7 { values[5 * 7 + element] = 1e8 }
    let split = Split(
      name: "one", sampleShape: [7], classCount: 3, samples: values,
      labels: (0..<8).map { Int32($0 % 3) })
    let trainer = Trainer(
      model, objective: Classification(.crossEntropy, classes: 3), source: split.scaled(by: 1),
      optimizer: StochasticGradientDescent(), options: TrainingOptions(epochs: 1, batchSize: 8),
      shards: BatchShards(count: 4), scheduler: try DispatchScheduler(exactly: threads),
      generator: generator, itemElements: itemElements)
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.cause == .gradient("layers.0.weight") && !error.isNaN, "\(error)")
    #expect(error.samples.count == 2 && error.samples.contains(5), "\(error)")
    #expect(error.step == 1)
  }
}
