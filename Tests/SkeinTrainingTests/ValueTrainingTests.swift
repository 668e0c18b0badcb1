import Foundation
import SkeinConfig
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRecord
import SkeinTestSupport
import Testing

@testable import SkeinRun
@testable import SkeinTraining
@testable import SkeinWorkers

/// `count` samples of 7 bytes with two values that follow from them, and some noise.
func makeValueSplit(_ count: Int, seed: UInt64 = 5, name: String = "made") -> Split {
  var generator = MersenneTwister(seed: seed)
  var samples: [UInt8] = []
  var values: [Float] = []
  for _ in 0..<count {
    let sample = (0..<7).map { _ in UInt8(generator.next32() % 256) }
    let noise = Float(generator.next32() % 100) / 100
    samples += sample
    values += [
      Float(sample[0]) * 2 - Float(sample[3]) + 1000,
      Float(Int(sample[1]) * Int(sample[2])) / 65_025 + noise / 50,
    ]
  }
  return Split(
    name: name, sampleShape: [7], samples: samples, values: values,
    targets: ValueTargets(names: ["sum", "product"], mean: [1128, 0.26], deviation: [165, 0.23]))
}

/// Training on values: the same promises as on classes.
@Suite(.timeLimit(.minutes(10))) struct ValueTrainingTests {
  private func train(
    _ split: Split, _ scheduler: any BatchScheduler, loss: Loss, shards: Int, batchSize: Int,
    observers: [any TrainingObserver] = []
  ) throws -> [UInt32] {
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(
      Network(inputs: 7, hidden: [70, 65, 9], outputs: 2, activation: .tanh),
      initializer: .lecture, from: &generator)
    let trainer = Trainer(
      model, loss: loss, source: split, scale: 255,
      optimizer: .init(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3),
      options: TrainingOptions(epochs: 2, batchSize: batchSize),
      shards: BatchShards(count: shards), scheduler: scheduler, generator: generator)
    _ = try trainer.run(observers: observers)
    return model.parameters[0..<model.parameters.count].map(\.bitPattern)
  }

  private static func makeModel(hidden: [Int]) -> FeedForward {
    var generator = MersenneTwister(seed: 4)
    return FeedForward(
      Network(inputs: 7, hidden: hidden, outputs: 2, activation: .tanh), initializer: .he,
      from: &generator)
  }

  private final class Lines: TrainingObserver {
    var metrics: [EpochMetrics] = []
    func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
      self.metrics.append(metrics)
    }
  }

  @Test(arguments: [1, 2, 7, 8, 9, 17, 24, 40, 53])
  func everyThreadCountGivesTheSerialBits(batchSize: Int) throws {
    let split = makeValueSplit(53)
    for loss in [Loss.meanSquaredError, .meanAbsoluteError, .huber] {
      for shards in [1, 3] {
        let first = Lines()
        let serial = try train(
          split, SerialScheduler(), loss: loss, shards: shards, batchSize: batchSize,
          observers: [first])
        for threads in [1, 2, 3, 8] {
          let lines = Lines()
          let parallel = try train(
            split, DispatchScheduler(exactly: threads, steals: threads == 3), loss: loss,
            shards: shards, batchSize: batchSize, observers: [lines])
          #expect(parallel == serial, "\(threads) threads, \(shards) shards, \(batchSize), \(loss)")
          #expect(lines.metrics.map(\.trainError) == first.metrics.map(\.trainError))
          #expect(lines.metrics.map(\.trainLoss) == first.metrics.map(\.trainLoss))
        }
      }
    }
  }

  /// The network is large enough for several workers to take part: their slices are not empty.
  @Test func severalWorkersTakePart() throws {
    let split = makeValueSplit(53)
    let recorded = RecordedBatch(
      Self.makeModel(hidden: [70]),
      Regression(.huber, try #require(split.valueTargets)), samples: 53, hasWeights: false,
      trains: true)
    #expect(recorded.canBeCut && BatchSlices(manySlices, of: 53).count == 7)
  }

  @Test func anEvaluationIsWhatItsFormulasSay() throws {
    let split = makeValueSplit(600)
    let targets = try #require(split.valueTargets)
    let model = Self.makeModel(hidden: [9])
    func evaluate(_ scheduler: any BatchScheduler, _ workers: Int) throws -> Evaluation {
      try Evaluator(model, loss: .meanSquaredError, source: split, scale: 255, workers: workers)
        .evaluate(scheduler)
    }
    let serial = try evaluate(SerialScheduler(), 1)
    for threads in [2, 3, 8] {
      #expect(try evaluate(DispatchScheduler(exactly: threads), threads) == serial)
    }
    let values = try #require(serial.values)
    #expect(serial.accuracy == nil && serial.labels == [] && serial.samples == 600)
    #expect(values.count == 600 && values.outputs == targets)
    let predictions = try Prediction.all(
      model, loss: .meanSquaredError, source: split, scale: 255, hidden: false)
    for column in 0..<2 {
      var (absolute, squared) = (0.0, 0.0)
      let truths = (0..<600).map { Double(split.values(at: $0)[column]) }
      let mean = truths.reduce(0, +) / 600
      for (row, truth) in truths.enumerated() {
        let told = Double(predictions[row].scores[column])
        #expect(abs(Double(values.prediction(of: row)[column]) - told) <= 1e-5 * 1200)
        #expect(abs(Double(values.target(of: row)[column]) - truth) <= 1e-6 * 1600)
        absolute += abs(told - truth)
        squared += (told - truth) * (told - truth)
      }
      let total = truths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let scores = values.scores[column]
      #expect(abs(scores.meanAbsoluteError / (absolute / 600) - 1) <= 1e-5)
      #expect(abs(scores.rootMeanSquaredError / (squared / 600).squareRoot() - 1) <= 1e-5)
      #expect(abs(try #require(scores.rSquared) - (1 - squared / total)) <= 1e-4)
    }
    let mean = values.scores.map(\.meanAbsoluteError).reduce(0, +) / 2
    #expect(values.overall.meanAbsoluteError == mean)
    // Errors in deviations of each output, so that small units count as large ones do.
    let sizes = (0..<600).map { row in
      (0..<2).map { column in
        abs(Double(predictions[row].scores[column]) - Double(split.values(at: row)[column]))
          / targets.deviation(of: column)
      }.reduce(0, +) / 2
    }
    #expect(values.largestErrors.count == Mistake.limit)
    let worst = sizes.indices.sorted { sizes[$0] > sizes[$1] }.prefix(3)
    #expect(values.largestErrors.prefix(3).map(\.row) == Array(worst))
  }

  @Test func aConstantTestSplitHasNoShareOfVariance() {
    let targets = ValueTargets(names: ["v"])
    let found = ValueEvaluation(targets, targets: [2, 2, 2], predictions: [1, 2, 3])
    #expect(found.overall.rSquared == nil && found.scores[0].rSquared == nil)
    #expect(found.overall.meanAbsoluteError == 2.0 / 3)
    #expect(found.largestErrors.map(\.row) == [0, 2])
    let perfect = ValueEvaluation(targets, targets: [1, 2, 3], predictions: [1, 2, 3])
    #expect(perfect.overall.rSquared == 1 && perfect.largestErrors == [])
    let mean = ValueEvaluation(targets, targets: [1, 2, 3], predictions: [2, 2, 2])
    #expect(mean.overall.rSquared == 0)
  }

  @Test func aTargetThatIsNotFiniteIsNamed() throws {
    struct Poisoned: SourceWrapper {
      let base: any SampleSource
      func read(_ rows: BatchRows, into memory: BatchMemory) throws {
        try base.read(rows, into: memory)
        for (index, row) in rows.numbers.enumerated() where row == 11 {
          memory.values[2 * index + 1] = .nan
        }
      }
    }
    let split = makeValueSplit(40)
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(
      Network(inputs: 7, hidden: [9], outputs: 2, activation: .tanh), initializer: .he,
      from: &generator)
    let trainer = Trainer(
      model, objective: Regression(.huber, try #require(split.valueTargets)),
      source: Poisoned(base: split.scaled(by: 255)), optimizer: StochasticGradientDescent(),
      options: TrainingOptions(epochs: 1, batchSize: 8), shards: BatchShards(count: 1),
      scheduler: SerialScheduler(), generator: generator)
    do {
      _ = try trainer.run()
      Issue.record("a NaN was trained on")
    } catch let error as NonFiniteError {
      #expect(error.cause == .target && error.samples == [11] && error.isNaN)
      #expect(error.description.contains("target") && trainer.isSound)
    }
  }

  @Test func batchesForLoopsOfOnesOwn() {
    var generator = MersenneTwister(seed: 1)
    let split = makeValueSplit(10)
    var rows = 0
    for (x, y) in split.scaled(by: 255).valueBatches(4, from: &generator) {
      #expect(x.shape[1] == 7 && y.shape == [x.shape[0], 2])
      rows += x.shape[0]
    }
    #expect(rows == 10)
  }
}
