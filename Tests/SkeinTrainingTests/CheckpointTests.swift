import Foundation
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRecord
import SkeinTestSupport
import Testing

@testable import SkeinFiles
@testable import SkeinRun
@testable import SkeinSafetensors
@testable import SkeinTraining
@testable import SkeinWorkers

/// A small run in a folder of its own, removed with the value.
final class SmallRun {
  static let network = Network(
    inputs: 7, hidden: [4], outputs: 3, activation: .parametricRelu)
  static let identity = RunIdentity(job: "job", dataset: "dataset", batchShards: 2, kernels: "AVX2")

  private let temporary: TemporaryFolder
  let folder: RunFolder

  init(calls: FileCalls = .system) throws {
    temporary = try TemporaryFolder()
    let path = temporary.path
    folder = RunFolder(path: path, calls: calls)
    _ = try RunFolder(path: path).open()
    try RunFolder(path: path).write(job: "name: test\n")
  }

  /// A trainer on `split`; 7 steps of at most 8 samples an epoch for 50 samples.
  static func makeTrainer(
    _ split: Split, epochs: Int, scheduler: any BatchScheduler = SerialScheduler()
  ) -> Trainer {
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(network, initializer: .he, from: &generator)
    return Trainer(
      model, loss: .crossEntropy, source: split, scale: 255,
      optimizer: .init(learningRate: 0.1, momentum: 0.9),
      options: TrainingOptions(epochs: epochs, batchSize: 8), shards: BatchShards(count: 2),
      scheduler: scheduler, generator: generator)
  }

  /// Trains, from the newest checkpoint if there is one, and stops at step `stopAt`.
  @discardableResult
  func train(
    _ split: Split, epochs: Int, options: CheckpointOptions = .init(), threads: Int = 1,
    stopAt: Int? = nil, saves: Bool = true
  ) throws -> TrainingDigest {
    let trainer = Self.makeTrainer(
      split, epochs: epochs, scheduler: try DispatchScheduler(exactly: threads))
    let saved = try folder.newestCheckpoint(Self.network, warn: { _ in })
    try folder.rewind(to: saved)
    if let saved { trainer.restore(saved.state) }
    let recorder = CheckpointRecorder(
      folder, trainer: trainer, identity: Self.identity, options: options, epochs: epochs,
      resumed: saved)
    let stopper = Stopper(step: stopAt)
    _ = try trainer.run(observers: [recorder, stopper], stop: stopper.stop)
    if saves { try recorder.finish() } else { recorder.abandon() }
    return trainer.digest
  }

  /// Stops training at a step, as a signal would.
  private final class Stopper: TrainingObserver {
    let stop = StopRequest()
    let step: Int?
    init(step: Int?) { self.step = step }
    func stepEnded(_ progress: TrainingProgress) {
      if progress.step == step { stop.raise() }
    }
  }

  /// The lines of metrics.jsonl, without times and thread counts.
  func metrics() throws -> [EpochMetrics] {
    let text = try String(contentsOfFile: folder.metricsFile, encoding: .utf8)
    return try text.split(separator: "\n").map {
      var metrics = try JSONDecoder().decode(EpochMetrics.self, from: Data($0.utf8))
      (metrics.seconds, metrics.samplesPerSecond, metrics.threads) = (0, 0, 0)
      return metrics
    }
  }

  func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file)) }
}

@Suite struct CheckpointTests {
  @Test func resumingGivesTheBitsOfOneRun() throws {
    let split = makeSplit(50)
    let (whole, parts) = (try SmallRun(), try SmallRun())
    let expected = try whole.train(split, epochs: 6)
    for (epochs, threads) in [(2, 1), (3, 2), (6, 8)] {
      try parts.train(split, epochs: epochs, threads: threads)
    }
    #expect(try parts.train(split, epochs: 6) == expected)
    #expect(try parts.bytes(parts.folder.last) == whole.bytes(whole.folder.last))
    #expect(try parts.bytes(parts.folder.best) == whole.bytes(whole.folder.best))
    #expect(try parts.metrics() == whole.metrics())
  }

  /// With a save at the stop (a signal) and without one (a kill), at every step of three epochs.
  @Test(arguments: 1...20, [true, false])
  func resumingInMidEpochGivesTheBitsOfOneRun(step: Int, saves: Bool) throws {
    let split = makeSplit(50)
    let (whole, parts) = (try SmallRun(), try SmallRun())
    let options = CheckpointOptions(everyEpochs: nil, everySteps: 3, keep: 2)
    let expected = try whole.train(split, epochs: 3, options: options)
    try parts.train(split, epochs: 3, options: options, stopAt: step, saves: saves)
    #expect(try parts.train(split, epochs: 3, options: options, threads: 2) == expected)
    #expect(try parts.bytes(parts.folder.last) == whole.bytes(whole.folder.last))
    #expect(try parts.bytes(parts.folder.best) == whole.bytes(whole.folder.best))
    #expect(try parts.metrics() == whole.metrics())
    if !saves {
      #expect(parts.folder.numberedCheckpoints() == whole.folder.numberedCheckpoints())
    }
  }

  @Test func theNewestAreKept() throws {
    let run = try SmallRun()
    try run.train(makeSplit(30), epochs: 4, options: .init(keep: 2))
    #expect(
      run.folder.numberedCheckpoints() == [
        "step-000000000012.safetensors", "step-000000000016.safetensors",
      ])
  }

  @Test func aDamagedCheckpointFallsBackLoudly() throws {
    let run = try SmallRun()
    try run.train(makeSplit(30), epochs: 4, options: .init(keep: 2))
    // Not through the file itself: `last` and the numbered one are one file with two names.
    try AtomicFile.write([UInt8](repeating: 7, count: 40), to: run.folder.last)
    try AtomicFile.write([UInt8](), to: run.folder.checkpoint(step: 16))
    var warnings: [String] = []
    let found = try run.folder.newestCheckpoint(
      SmallRun.network, warn: { warnings.append($0) })
    #expect(found?.state.progress.epoch == 3)
    #expect(warnings.count == 2)
    #expect(warnings.allSatisfy { $0.contains("the run goes on from \(run.folder.checkpoints)/") })
    for name in run.folder.numberedCheckpoints() {
      try AtomicFile.write([1], to: run.folder.checkpoints + "/" + name)
    }
    let error = #expect(throws: FormatError.self) {
      try run.folder.newestCheckpoint(SmallRun.network, warn: { _ in })
    }
    #expect(error?.advice?.contains("from a copy of the run, or begin anew") == true)
  }

  @Test func everyFlippedBitAndEveryCutIsFound() throws {
    let run = try SmallRun()
    try run.train(makeSplit(10), epochs: 1)
    let bytes = Array(try run.bytes(run.folder.last))
    func decode(_ bytes: [UInt8]) throws -> Checkpoint {
      try Checkpoint(decoding: bytes, file: "a", network: SmallRun.network)
    }
    _ = try decode(bytes)
    for bit in stride(from: 0, to: bytes.count * 8, by: 7) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: FormatError.self, "bit \(bit)") { try decode(damaged) }
    }
    for count in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: FormatError.self, "\(count) bytes") { try decode(Array(bytes[..<count])) }
    }
  }

  @Test func aCheckpointOfAnotherModelIsRefused() throws {
    let run = try SmallRun()
    try run.train(makeSplit(10), epochs: 1)
    let other = Network(inputs: 7, hidden: [5], outputs: 3, activation: .parametricRelu)
    #expect(throws: FormatError.self) { try RunFolder.load(run.folder.last, other) }
  }

  /// A file that is whole and says what no run can say, as only a stranger would write it.
  @Test(arguments: [
    ("batch", "9007199254740993"), ("batch", "4"), ("step", "-1"), ("epoch", "1e3"),
    ("epoch.lossSum", "nan"), ("epoch.lossSum", "inf"), ("batchShards", "two"),
    ("best.tieBreak", ""), ("generator.position", "-5"), ("format", "other"),
  ])
  func impossibleMetadataIsRefused(key: String, value: String) throws {
    let run = try SmallRun()
    try run.train(makeSplit(20), epochs: 1)
    var stored = try Safetensors.decode(Array(try run.bytes(run.folder.last)), file: "a")
    stored.metadata[key] = value
    let bytes = stored.encodeSealed()
    #expect(throws: FormatError.self) {
      try Checkpoint(decoding: bytes, file: "a", network: SmallRun.network)
    }
  }

  @Test func aPositionOfOtherBatchesStartsTheEpochAnew() throws {
    let run = try SmallRun()
    try run.train(makeSplit(50), epochs: 2, stopAt: 10)
    let saved = try RunFolder.load(run.folder.last, SmallRun.network)
    #expect(saved.state.progress.batch == 3)
    let trainer = SmallRun.makeTrainer(makeSplit(60), epochs: 2)
    trainer.restore(saved.state)
    #expect(trainer.progress.batch == 0 && trainer.progress.epoch == 1)
    #expect(trainer.progress.totals == BatchSums())
  }

  @Test func theBestCheckpointIsTheBestEpochs() throws {
    let run = try SmallRun()
    let trainer = SmallRun.makeTrainer(makeSplit(50), epochs: 4)
    let recorder = CheckpointRecorder(
      run.folder, trainer: trainer, identity: SmallRun.identity, options: .init(), epochs: 4)
    for (epoch, accuracy) in [(1, 0.5), (2, 0.8), (3, 0.7), (4, 0.8)] {
      var progress = TrainingProgress()
      (progress.epoch, progress.step) = (epoch, 7 * epoch)
      let metrics = EpochMetrics(
        epoch: epoch, step: 7 * epoch, trainLoss: 1, trainAccuracy: 0.1, testLoss: 1,
        testAccuracy: accuracy, samplesPerSecond: 1, seconds: 1, threads: 1)
      try recorder.epochEnded(metrics, progress)
    }
    recorder.abandon()
    let best = try RunFolder.load(run.folder.best, SmallRun.network)
    let last = try RunFolder.load(run.folder.last, SmallRun.network)
    #expect(best.state.progress.epoch == 2 && last.state.progress.epoch == 4)
    #expect(last.best == BestMetric.Score(value: 0.8, tieBreak: -1))
  }

  @Test func theBestIsChosenByTheMetricAndThenByTheLoss() {
    func metrics(_ accuracy: Double, _ loss: Double) -> EpochMetrics {
      EpochMetrics(
        epoch: 1, step: 1, trainLoss: 2 * loss, trainAccuracy: 0.5, testLoss: loss,
        testAccuracy: accuracy, samplesPerSecond: 1, seconds: 1, threads: 1)
    }
    let (a, b, c) = (metrics(0.9, 0.3), metrics(0.9, 0.2), metrics(0.8, 0.1))
    #expect(BestMetric.testAccuracy.score(b) > BestMetric.testAccuracy.score(a))
    #expect(BestMetric.testAccuracy.score(a) > BestMetric.testAccuracy.score(c))
    #expect(BestMetric.testLoss.score(c) > BestMetric.testLoss.score(b))
    #expect(BestMetric.trainLoss.score(c) > BestMetric.trainLoss.score(b))
    #expect(BestMetric.trainAccuracy.score(b) > BestMetric.trainAccuracy.score(a))
  }
}
