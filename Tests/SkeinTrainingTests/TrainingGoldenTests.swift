import Foundation
import SkeinConfig
import SkeinData
import SkeinRecord
import SkeinRun
import SkeinTestSupport
import SkeinTraining
import SkeinWorkers
import Testing

/// The optimizers, schedules and what is beside them, of `Tests/Goldens/training.py`: PyTorch's
/// rate in every step, and its learning curve.
@Suite(.timeLimit(.minutes(20))) struct TrainingGoldenTests {
  static let cases = TrainingGolden.all + TrainingGolden.weighted

  /// The training samples, with weights where the golden has some.
  private struct Weighted: SourceWrapper {
    let base: any SampleSource

    var hasWeights: Bool { true }

    func read(_ rows: BatchRows, into memory: BatchMemory) throws {
      try base.read(rows, into: memory)
      guard let weights = memory.weights else { return }
      for (index, row) in rows.numbers.enumerated() {
        weights[index] = Float(7 * Int(row) % 5) / 2
      }
    }
  }

  /// The samples to train on.
  private func source(
    _ golden: TrainingGolden, _ prepared: PreparedJob, _ train: Split
  ) -> any SampleSource {
    let scaled = prepared.scaled(train)
    return golden.hasSampleWeights ? Weighted(base: scaled) : scaled
  }

  private final class Rates: TrainingObserver {
    var rates: [Double] = []
    var metrics: [EpochMetrics] = []
    let schedule: any Schedule
    let trainer: Trainer
    let epochs: Int
    let stepsPerEpoch: Int

    init(_ prepared: PreparedJob, _ trainer: Trainer) {
      schedule = prepared.job.rates
      (epochs, stepsPerEpoch) = (prepared.job.training.epochs, prepared.stepsPerEpoch)
      self.trainer = trainer
    }

    func stepEnded(_ progress: TrainingProgress) {
      let position = SchedulePosition(
        step: progress.step, stepsPerEpoch: stepsPerEpoch, epochs: epochs,
        reductions: progress.plateau.reductions)
      rates.append(Double(schedule.learningRate(at: position)))
    }

    func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
      self.metrics.append(metrics)
    }
  }

  private func prepared(_ golden: TrainingGolden, threads: Int = 2) throws -> PreparedJob {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("golden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("golden.yaml").path
    try golden.yaml.write(toFile: file, atomically: true, encoding: .utf8)
    let data = Repository.datasets.appendingPathComponent("digits").path
    let job = try Job.load(
      path: file, settings: ["data.path=\(data)", "parallel.batchShards=2"]
    ).job
    return try PreparedJob(job, threads: threads)
  }

  @Test func theGoldensAreThere() { #expect(Self.cases.count >= 12) }

  @Test(arguments: cases)
  func ratesAndCurveArePyTorchs(golden: TrainingGolden) throws {
    let prepared = try prepared(golden)
    let (train, test) = try prepared.loadSplits()
    let source = source(golden, prepared, train)
    let scheduler = try DispatchScheduler(exactly: 2)
    let trainer = prepared.makeTrainer(source, scheduler: scheduler)
    let evaluator = prepared.makeEvaluator(
      trainer.evaluated, prepared.scaled(try #require(test)), workers: 2)
    let validator = prepared.makeValidator(
      trainer.evaluated, source, workers: 2)
    let rates = Rates(prepared, trainer)
    #expect(try trainer.run(evaluator: evaluator, validator: validator, observers: [rates]))

    #expect(rates.rates.count == golden.rates.count)
    for (step, (found, expected)) in zip(rates.rates, golden.rates).enumerated() {
      // A Float's rounding, and the sums of PyTorch's recursive schedules.
      #expect(abs(found / expected - 1) <= 2e-7, "step \(step + 1): \(found), \(expected)")
    }
    #expect(rates.metrics.count == golden.epochs.count)
    for (index, metrics) in rates.metrics.enumerated() {
      let expected = golden.epochs[index]
      let tolerance = max(1e-5, 2 * golden.spread[index])
      let losses = [
        ("trainLoss", metrics.trainLoss as Double?), ("validationLoss", metrics.validationLoss),
        ("testLoss", metrics.testLoss),
      ]
      for (name, loss) in losses {
        let wanted = expected[name]
        #expect((loss == nil) == (wanted == nil), "\(name)")
        guard let loss, let wanted else { continue }
        #expect(
          abs(loss / wanted - 1) <= tolerance, "epoch \(index + 1), \(name): \(loss), \(wanted)")
      }
      #expect(
        abs((metrics.trainAccuracy ?? -1) - (expected["trainAccuracy"] ?? 0)) <= 2.5
          / Double(train.count))
    }
  }

  /// Every optimizer, clipping, accumulation and average: the same bits with any number of threads
  /// and slices, with uneven batches.
  @Test(arguments: cases, [3, 8])
  func theBitsDependOnNoThreads(golden: TrainingGolden, threads: Int) throws {
    func digest(_ threads: Int) throws -> TrainingDigest {
      let prepared = try prepared(golden)
      let (train, _) = try prepared.loadSplits()
      let trainer = prepared.makeTrainer(
        source(golden, prepared, train), scheduler: try DispatchScheduler(exactly: threads))
      let stopping = StoppingAt(step: 70)
      _ = try trainer.run(observers: [stopping], stop: stopping.stop)
      return trainer.digest
    }
    #expect(try digest(threads) == digest(1))
  }

  /// A run that was stopped in an epoch or at its end, and goes on in another trainer, ends in the
  /// bits of one that was not stopped: states, average and what the schedule has noted included.
  @Test(arguments: cases, [1, 27, 80, 140])
  func aStoppedRunEndsInTheSameBits(golden: TrainingGolden, step: Int) throws {
    let prepared = try prepared(golden)
    let (train, _) = try prepared.loadSplits()
    let source = source(golden, prepared, train)
    func trainer() -> (Trainer, Evaluator?) {
      let trainer = prepared.makeTrainer(source, scheduler: SerialScheduler())
      return (
        trainer,
        prepared.makeValidator(trainer.evaluated, source, workers: 1)
      )
    }
    let (whole, wholeValidator) = trainer()
    #expect(try whole.run(validator: wholeValidator))
    let (stopped, stoppedValidator) = trainer()
    let stopping = StoppingAt(step: step)
    #expect(
      try !stopped.run(validator: stoppedValidator, observers: [stopping], stop: stopping.stop))
    let checkpoint = Checkpoint(
      state: stopped.state, best: nil, identity: prepared.identity)
    let read = try Checkpoint(
      decoding: checkpoint.encode(prepared.network), file: "memory", network: prepared.network)
    let (resumed, resumedValidator) = trainer()
    resumed.restore(read.state)
    #expect(try resumed.run(validator: resumedValidator))
    #expect(resumed.digest == whole.digest)
    #expect(resumed.progress == whole.progress)
  }
}
