import Foundation
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRecord
import Testing

@testable import SkeinFiles
@testable import SkeinRun
@testable import SkeinTraining
@testable import SkeinWorkers

/// Numbers that go non-finite, and workers that fail: what a user learns about it.
@Suite struct FailureTests {
  private func makeTrainer(
    _ source: any SampleSource, rate: Float = 0.1, loss: Loss = .crossEntropy, scale: Float = 1,
    activation: Activation = .relu, threads: Int = 1, batchSize: Int = 8,
    prepare: (FeedForward) -> Void = { _ in }
  ) throws -> Trainer {
    var generator = MersenneTwister(seed: 3)
    let network = Network(
      inputs: 7, hidden: [4, 4], outputs: 3, activation: activation)
    let model = FeedForward(network, initializer: .he, from: &generator)
    prepare(model)
    return Trainer(
      model, loss: loss, source: source, scale: scale, optimizer: .init(learningRate: rate),
      options: TrainingOptions(epochs: 5, batchSize: batchSize), shards: BatchShards(count: 4),
      scheduler: try DispatchScheduler(exactly: threads), generator: generator)
  }

  @Test(arguments: [1, 3])
  func aRateTooLargeNamesLayerOperationSamplesAndRate(threads: Int) throws {
    let trainer = try makeTrainer(
      makeSplit(40), rate: 1e30, activation: .leakyRelu(), threads: threads)
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.epoch == 1 && error.step == 2 && error.learningRate == 1e30)
    #expect(error.cause == .forward(layer: "layers.1", operation: "x·Wᵀ + b"))
    #expect(!error.samples.isEmpty && error.samples.count <= 8)
    for part in ["layers.1", "x·Wᵀ + b", "samples", "learning rate is 1e+30", "tenth"] {
      #expect("\(error)".contains(part), "\(error)")
    }
  }

  @Test func anUpdateThatOverflowsIsFoundInItsOwnStep() throws {
    let trainer = try makeTrainer(makeSplit(40), rate: 3e38, scale: 0.001)
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.step == 1)
    guard case .update = error.cause else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func aGradientThatOverflowsNamesItsParameter() throws {
    // Loss and gradient of the outputs are finite; times the huge activations they are not.
    let trainer = try makeTrainer(makeSplit(40), loss: .meanSquaredError, scale: 1e-17) { model in
      for entry in model.network.layout.entries where entry.name == "layers.0.weight" {
        model.parameters[entry.range] = [Float](repeating: 1e18, count: entry.shape.count)
      }
      for entry in model.network.layout.entries where entry.name == "layers.1.weight" {
        model.parameters[entry.range] = [Float](repeating: 1e-30, count: entry.shape.count)
      }
    }
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.step == 1)
    #expect(error.cause == .gradient("layers.1.weight"), "\(error)")
  }

  /// The dataset is innocent where division by the scale overflows.
  @Test(arguments: [1, 3])
  func aScaleTooSmallIsNamed(threads: Int) throws {
    let scale = Float.leastNonzeroMagnitude
    let trainer = try makeTrainer(makeSplit(40), scale: scale, threads: threads)
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.cause == .scale(scale) && error.step == 1 && !error.samples.isEmpty)
    #expect("\(error)".contains("divided by data.scale, 1e-45"), "\(error)")
    #expect(!"\(error)".contains("mend") && !"\(error)".contains("learning rate"), "\(error)")
    #expect(trainer.isSound)
  }

  /// Of samples that the scale makes infinite, and one that is a NaN, the NaN is to blame.
  @Test func aPoisonedSampleIsNamedBesideAScaleTooSmall() throws {
    var values = (0..<(8 * 7)).map { Float($0 % 5) }
    (values[2 * 7], values[5 * 7 + 1]) = (3e38, .nan)
    let split = Split(
      name: "both", sampleShape: [7], classCount: 3, samples: values,
      labels: (0..<8).map { Int32($0 % 3) })
    let trainer = try makeTrainer(split, scale: 0.5)
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.cause == .sample || error.cause == .scale(0.5), "\(error)")
    if error.cause == .sample { #expect(error.isNaN && error.samples == [5], "\(error)") }
    let (model, loss) = (trainer.model, Loss.crossEntropy)
    let predicted = try #require(throws: NonFiniteError.self) {
      try Prediction.all(model, loss: loss, source: split, scale: 0.5, hidden: false)
    }
    #expect(predicted.cause == .sample && predicted.isNaN && predicted.samples == [5])
  }

  /// Before the first update the learning rate has done nothing yet.
  @Test func anOverflowInTheFirstStepDoesNotBlameTheRate() throws {
    let trainer = try makeTrainer(makeSplit(40), scale: 1e-36, activation: .leakyRelu())
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.step == 1)
    #expect("\(error)".contains("model.init") && "\(error)".contains("data.scale"), "\(error)")
    #expect(!"\(error)".contains("learning rate"), "\(error)")
  }

  @Test func aPoisonedSampleIsNamed() throws {
    var values = (0..<(30 * 7)).map { Float($0 % 11) }
    values[17 * 7 + 3] = .nan
    let split = Split(
      name: "poisoned", sampleShape: [7], classCount: 3, samples: values,
      labels: (0..<30).map { Int32($0 % 3) })
    let trainer = try makeTrainer(split, threads: 2)
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.cause == .sample && error.isNaN && error.samples == [17])
    #expect("\(error)".contains("dataset") && "\(error)".contains("17"))
    let (model, scale) = (trainer.model, Float(1))
    #expect(throws: NonFiniteError.self) {
      try Prediction.all(model, loss: .crossEntropy, source: split, scale: scale, hidden: false)
    }
    let evaluator = Evaluator(
      model, loss: .crossEntropy, source: split, scale: scale, workers: 1)
    #expect(throws: NonFiniteError.self) { try evaluator.evaluate(SerialScheduler()) }
  }

  @Test func anInfiniteLossIsNamed() throws {
    let trainer = try makeTrainer(makeSplit(40), loss: .negativeLogLikelihood) { model in
      for entry in model.network.layout.entries where entry.name == "layers.2.bias" {
        model.parameters[entry.range] = [1000, 0, -1000]
      }
    }
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.cause == .forward(layer: "loss", operation: "negativeLogLikelihood"))
    #expect(!error.isNaN && !error.samples.isEmpty)
  }

  /// A source that cannot give one of its samples.
  private struct Broken: SourceWrapper {
    struct Failure: Error, Equatable { let row: Int32 }
    let base: any SampleSource
    let row: Int32

    func read(_ rows: BatchRows, into memory: BatchMemory) throws {
      if rows.numbers.contains(row) { throw Failure(row: row) }
      try base.read(rows, into: memory)
    }
  }

  /// Every sample of an epoch, so that the failure comes to every worker, batch shard and step.
  @Test(.timeLimit(.minutes(5)), arguments: [1, 2, 3, 8])
  func aWorkerThatFailsStopsTheRunWithItsSamples(threads: Int) throws {
    for row in Int32(0)..<40 {
      let trainer = try makeTrainer(
        Broken(base: makeSplit(40), row: row), threads: threads, batchSize: 40)
      let error = try #require(throws: WorkerError.self) { _ = try trainer.run() }
      #expect(error.underlying as? Broken.Failure == Broken.Failure(row: row))
      #expect(error.samples.contains(row) && error.samples.count == 8)
      #expect((0..<threads).contains(error.worker))
      #expect(
        "\(error)".contains(/^worker [1-9]\d* failed at batch shards? [1-4]( to [1-4])? of 4/))
      #expect("\(error)".contains("counted from 0"))
      // The workers are there for another phase.
      #expect(throws: WorkerError.self) { _ = try trainer.run() }
    }
  }

  @Test func aRaisedStopEndsAnEvaluation() throws {
    let trainer = try makeTrainer(makeSplit(40))
    let evaluator = Evaluator(
      trainer.model, loss: .crossEntropy, source: makeSplit(40), scale: 1, workers: 1)
    final class AtLastBatch: TrainingObserver {
      let stop = StopRequest()
      func stepEnded(_ progress: TrainingProgress) {
        if progress.batch == progress.batches { stop.raise() }
      }
      func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
        Issue.record("an epoch was reported that has no evaluation")
      }
    }
    let observer = AtLastBatch()
    let isDone = try trainer.run(
      evaluator: evaluator, observers: [observer], stop: observer.stop)
    #expect(!isDone && trainer.progress.epoch == 0 && trainer.progress.batch == 5)
  }

  /// Fails before step `step` of a run, by weights that the next update makes infinite.
  private final class Spoiling: TrainingObserver {
    let model: FeedForward
    init(_ model: FeedForward) { self.model = model }

    func stepEnded(_ progress: TrainingProgress) {
      guard progress.step == 3 else { return }
      // Weight decay doubles them, so the update overflows though loss and gradient are finite.
      for entry in model.network.layout.entries where entry.name == "layers.2.bias" {
        model.parameters[entry.range] = [-3e38, -3e38, -3e38]
      }
    }
  }

  /// A trainer that met a NaN trains on from a checkpoint, to the bits of one that never did, also
  /// where the checkpoint lacks the velocity, which is infinite then.
  @Test(arguments: [1, 2], [true, false])
  func aTrainerGoesOnAfterANonFiniteUpdate(threads: Int, hasVelocity: Bool) throws {
    func trainer() throws -> Trainer {
      var generator = MersenneTwister(seed: 3)
      let model = FeedForward(
        Network(inputs: 7, hidden: [4, 4], outputs: 3, activation: .relu), initializer: .he,
        from: &generator)
      return Trainer(
        model, loss: .crossEntropy, source: makeSplit(40), scale: 255,
        optimizer: .init(learningRate: 0.1, momentum: 0.9, weightDecay: 20),
        options: TrainingOptions(epochs: 2, batchSize: 8), shards: BatchShards(count: 4),
        scheduler: try DispatchScheduler(exactly: threads), generator: generator)
    }
    let sound = try trainer()
    #expect(try sound.run())
    let spoilt = try trainer()
    var start = spoilt.state
    if !hasVelocity { start.optimizer = [] }
    let error = try #require(throws: NonFiniteError.self) {
      _ = try spoilt.run(observers: [Spoiling(spoilt.model)])
    }
    #expect(error.step == 4, "\(error)")
    guard case .update = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(spoilt.state.optimizer[0].values.contains { !$0.isFinite })
    spoilt.restore(start)
    #expect(try spoilt.run())
    #expect(spoilt.digest == sound.digest)
  }
}
