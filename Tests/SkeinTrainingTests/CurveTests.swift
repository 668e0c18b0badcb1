import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinRandom
import SkeinRecord
import SkeinTestSupport
import SkeinTraining
import SkeinWorkers
import Testing

/// The learning curves of `Tests/Goldens/curves.py`: the same seed, draws, order and updates as a
/// PyTorch script give its curve.
@Suite struct CurveTests {
  struct Goldens: Decodable {
    let cases: [Case]
  }

  struct Case: Decodable, CustomStringConvertible {
    struct Job: Decodable {
      struct Data: Decodable {
        let path: String
        let scale: Float
        let values: String?
      }
      struct Optimizer: Decodable { let learningRate, momentum, weightDecay: Float }
      struct Training: Decodable { let epochs, batchSize: Int }
      let name: String
      let seed: UInt64
      let data: Data
      let loss: String
      let optimizer: Optimizer
      let training: Training
      let model: Model
    }
    struct Model: Decodable {
      let activation: String
      let `init`: Init
    }
    enum Init: Decodable {
      case name(String)
      case uniform([Float])

      init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
          self = .name(name)
        } else {
          let map = try decoder.singleValueContainer().decode([String: [Float]].self)
          self = .uniform(try #require(map["uniform"]))
        }
      }
    }
    struct Spread: Decodable {
      let testLoss: Double
      let error: Double?
    }
    struct Curve: Decodable { let epochs: [Epoch] }
    struct Epoch: Decodable {
      let trainLoss, testLoss: Double
      let trainAccuracy, testAccuracy, trainError, testError: Double?
    }

    let job: Job
    let widths: [Int]
    let float32: Curve
    let float64: Curve
    /// How far PyTorch itself strays per epoch, in single precision and under rounding-size noise.
    let spread: [Spread]

    var description: String { job.name }
  }

  static let cases: [Case] = {
    let file = Repository.goldens.appendingPathComponent("curves.json")
    guard let data = try? Data(contentsOf: file),
      let goldens = try? JSONDecoder().decode(Goldens.self, from: data)
    else { return [] }
    return goldens.cases
  }()

  final class Collector: TrainingObserver {
    var metrics: [EpochMetrics] = []
    func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
      self.metrics.append(metrics)
    }
  }

  @Test func theGoldensAreThere() { #expect(Self.cases.count >= 7) }

  /// The values that the goldens' script makes of a dataset: the sum of a sample's bytes, and its
  /// label.
  private static func inkAndLabel(_ split: Split, _ targets: ValueTargets? = nil) -> Split {
    let samples = (0..<split.count).map { split.stored($0) }
    return Split(
      name: split.name, sampleShape: split.sampleShape,
      samples: samples.flatMap { $0.map { UInt8($0) } },
      values: samples.enumerated().flatMap { row, sample in
        [sample.reduce(0, +), Float(split.label(at: row))]
      }, targets: targets ?? ValueTargets(names: ["ink", "label"]))
  }

  @Test(arguments: cases)
  func theCurveIsPyTorchs(golden: Case) throws {
    let folder = try DatasetFolder(
      opening: Repository.datasets.appendingPathComponent(golden.job.data.path).path)
    var (train, test) = (
      try folder.load("train", threads: 2), try folder.load("test", threads: 2)
    )
    let job = golden.job
    if job.data.values != nil {
      let targets = try Self.inkAndLabel(train).standardised()
      (train, test) = (Self.inkAndLabel(train, targets), Self.inkAndLabel(test, targets))
    }
    let initializer: Initializer =
      switch job.model.`init` {
      case .name: .he
      case .uniform(let bounds): .uniform(bounds[0], bounds[1])
      }
    let activation = try #require(Activation.all.first { $0.name == job.model.activation })
    let loss = try #require(Loss(rawValue: job.loss))
    var generator = MersenneTwister(seed: job.seed)
    let model = FeedForward(
      Network(
        inputs: golden.widths[0], hidden: Array(golden.widths.dropFirst().dropLast()),
        outputs: try #require(golden.widths.last), activation: activation),
      initializer: initializer, from: &generator)
    let scheduler = try DispatchScheduler(exactly: 2)
    let collector = Collector()
    let trainer = Trainer(
      model, loss: loss, source: train, scale: job.data.scale,
      optimizer: .init(
        learningRate: job.optimizer.learningRate, momentum: job.optimizer.momentum,
        weightDecay: job.optimizer.weightDecay),
      options: TrainingOptions(epochs: job.training.epochs, batchSize: job.training.batchSize),
      shards: BatchShards(count: 2), scheduler: scheduler, generator: generator)
    let evaluator = Evaluator(
      model, loss: loss, source: test, scale: job.data.scale, workers: scheduler.workerCount)
    _ = try trainer.run(evaluator: evaluator, observers: [collector])

    #expect(collector.metrics.count == golden.float64.epochs.count)
    for (index, metrics) in collector.metrics.enumerated() {
      let expected = golden.float64.epochs[index]
      let error = abs(metrics.trainLoss / expected.trainLoss - 1)
      #expect(
        error <= 1e-5,
        "epoch \(metrics.epoch): \(metrics.trainLoss), \(expected.trainLoss)")
      // Where a test sample lies on a relu's kink, rounding decides on which side, whoever
      // computes.
      let stray = 2 * golden.spread[index].testLoss
      let testError = abs(try #require(metrics.testLoss) / expected.testLoss - 1)
      #expect(testError <= max(1e-5, stray), "epoch \(metrics.epoch), test")
      if let trainError = expected.trainError, let error = expected.testError {
        let stray = max(1e-5, 2 * (golden.spread[index].error ?? 0))
        #expect(abs(try #require(metrics.trainError) / trainError - 1) <= stray)
        #expect(abs(try #require(metrics.testError) / error - 1) <= stray)
        #expect(metrics.trainAccuracy == nil && metrics.testAccuracy == nil)
        continue
      }
      #expect(
        abs(try #require(metrics.trainAccuracy) - #require(expected.trainAccuracy))
          <= 2.5 / Double(train.count))
      #expect(
        abs(try #require(metrics.testAccuracy) - #require(expected.testAccuracy))
          <= 1.5 / Double(test.count))
    }
  }
}
