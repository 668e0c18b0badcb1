import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinRecord
import SkeinTestSupport
import SkeinTraining
import SkeinWorkers
import Testing

@testable import SkeinRun

/// A run from a program: it ends in the same bits however often it is stopped.
@Suite struct TrainingRunTests {
  private let samples = ArrayDataset(
    classes: ["a", "b", "c"], train: makeSplit(50),
    test: Split(
      name: "unseen", sampleShape: [7], classCount: 3,
      samples: (0..<7 * 9).map { UInt8($0) }, labels: (0..<9).map { Int32($0 % 3) }))

  private func job(threads: Int = 1) -> Job {
    Job(
      name: "small", seed: 7, data: DataOptions(path: "", scale: 255),
      model: ModelOptions(hidden: [6, 4]),
      optimizer: OptimizerOptions(learningRate: 0.1, momentum: 0.9),
      training: TrainingOptions(epochs: 3, batchSize: 8),
      parallel: ParallelOptions(threads: .count(threads), batchShards: .count(4)),
      checkpoint: CheckpointOptions(everyEpochs: 1))
  }

  /// Raises `stop` after so many more steps.
  private final class Stopping: TrainingObserver {
    let stop = StopRequest()
    private var left: Int

    init(after steps: Int) { left = steps }

    func stepEnded(_ progress: TrainingProgress) {
      left -= 1
      if left == 0 { stop.raise() }
    }
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// Fails at the end of an epoch, after the run's own recorders were told of it.
  private final class Failing: TrainingObserver {
    struct Failure: Error {}
    private let epoch: Int

    init(atEpoch epoch: Int) { self.epoch = epoch }

    func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
      if metrics.epoch == epoch { throw Failure() }
    }
  }

  /// What a run leaves, but for times.
  private func results(_ folder: String) throws -> [String: Data] {
    var files = ["checkpoints/last.safetensors", "checkpoints/best.safetensors"]
    files += (0...3).map { "history/epoch-00000000\($0).safetensors" }
    return try Dictionary(uniqueKeysWithValues: files.map { ($0, try bytes("\(folder)/\($0)")) })
  }

  /// The epochs in `metrics.jsonl`.
  private func epochs(_ folder: String) throws -> [Int] {
    try EpochMetrics.read(RunFolder(path: folder)).map(\.epoch)
  }

  /// 7 steps an epoch, 21 in all.
  @Test(arguments: [1, 5, 7, 10])
  func aStoppedRunEndsInTheBitsOfOneThatWasNot(steps: Int) throws {
    try TemporaryFolder.with { folder in
      let whole = try TrainingRun(job(), on: samples, in: "\(folder)/whole")
      #expect(whole.isNew)
      #expect(try whole.train())
      #expect(whole.trainer.progress.step == 21)
      var turns = 0
      while true {
        let run = try TrainingRun(
          job(threads: turns % 3 + 1), on: samples, in: "\(folder)/stopped")
        #expect(run.isNew == (turns == 0))
        turns += 1
        let stopping = Stopping(after: steps)
        let isDone = try run.train(observers: [stopping], stop: stopping.stop)
        #expect(run.isSaved)
        if isDone { break }
        #expect(run.trainer.progress.step == turns * steps)
      }
      #expect(turns > 1)
      for file in ["checkpoints/last.safetensors", "checkpoints/best.safetensors"] {
        #expect(
          try bytes("\(folder)/whole/\(file)") == bytes("\(folder)/stopped/\(file)"), "\(file)")
      }
      for name in ["whole", "stopped"] {
        let page = try String(contentsOfFile: "\(folder)/\(name)/report.html", encoding: .utf8)
        #expect(page.contains("small"))
      }
      let trained = try TrainedRun(RunFolder(path: "\(folder)/stopped"), checkpoint: "last")
      let answer = try trained.predictions(for: samples.train.stored(3))[0]
      #expect(["a", "b", "c"].contains(trained.className(of: answer)))
      #expect(abs(answer.scores.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test func aFolderInUseIsRefused() throws {
    try TemporaryFolder.with { folder in
      let run = try TrainingRun(job(), on: samples, in: folder)
      #expect(throws: RunInUseError.self) { try TrainingRun(job(), on: samples, in: folder) }
      withExtendedLifetime(run) {}
    }
  }

  @Test func anotherRunIsNotOverwritten() throws {
    try TemporaryFolder.with { folder in
      try TrainingRun(job(), on: samples, in: folder).train()
      let prepared = try PreparedJob(job(), on: samples)
      #expect(throws: RunFolderError.self) {
        try TrainingRun(prepared, in: RunFolder(path: folder), resumes: false)
      }
    }
  }

  /// The command line finds no folder, and says why.
  @Test func aJobOnArraysHasNoDatasetElsewhere() throws {
    try TemporaryFolder.with { folder in
      try TrainingRun(job(), on: samples, in: folder).train()
      let job = try Job.load(path: folder + "/job.yaml").job
      let error = #expect(throws: DataError.self) { try PreparedJob(job) }
      #expect(error.map { "\($0)" }?.contains("the run's samples came from a program") == true)
    }
  }

  @Test func otherArraysAreAnotherDataset() throws {
    try TemporaryFolder.with { folder in
      let stopping = Stopping(after: 3)
      try TrainingRun(job(), on: samples, in: folder).train(
        observers: [stopping], stop: stopping.stop)
      let other = ArrayDataset(
        classes: samples.classes, train: makeSplit(50, seed: 6), test: samples.test)
      let error = #expect(throws: ChangedRunError.self) {
        try TrainingRun(job(), on: other, in: folder)
      }
      #expect(error?.changes.contains { $0.hasPrefix("dataset:") } == true)
    }
  }

  /// One object that is stopped again and again ends as one that is not.
  @Test(arguments: [1, 5, 7, 10])
  func anotherCallGoesOn(steps: Int) throws {
    try TemporaryFolder.with { folder in
      try TrainingRun(job(), on: samples, in: "\(folder)/whole").train()
      let run = try TrainingRun(job(), on: samples, in: "\(folder)/stopped")
      for turn in 1...22 {
        let stopping = Stopping(after: steps)
        let isDone = try run.train(observers: [stopping], stop: stopping.stop)
        #expect(run.isSaved && isDone == (run.bestEpoch != nil))
        if isDone { break }
        #expect(run.trainer.progress.step == turn * steps)
      }
      #expect(try results("\(folder)/stopped") == results("\(folder)/whole"))
      #expect(try epochs("\(folder)/stopped") == [1, 2, 3])
      let best = try EpochMetrics.read(RunFolder(path: "\(folder)/whole"))
        .max { $0.testAccuracy ?? 0 < $1.testAccuracy ?? 0 }
      #expect(run.bestEpoch?.testAccuracy == best?.testAccuracy)
      // A run that is done stays so.
      #expect(try run.train())
      #expect(try results("\(folder)/stopped") == results("\(folder)/whole"))
    }
  }

  /// An error of an observer leaves a folder that another call, or another process, goes on with.
  @Test(arguments: [1, 2, 3], [false, true])
  func anErrorIsNoEnd(epoch: Int, anew: Bool) throws {
    try TemporaryFolder.with { folder in
      try TrainingRun(job(), on: samples, in: "\(folder)/whole").train()
      var run: TrainingRun? = try TrainingRun(job(), on: samples, in: "\(folder)/failed")
      #expect(throws: Failing.Failure.self) {
        try run?.train(observers: [Failing(atEpoch: epoch)])
      }
      #expect(run?.isSaved == true && run?.bestEpoch == nil)
      if anew {
        run = nil
        run = try TrainingRun(job(), on: samples, in: "\(folder)/failed")
      }
      #expect(try run?.train() == true)
      #expect(try results("\(folder)/failed") == results("\(folder)/whole"))
      #expect(try epochs("\(folder)/failed") == [1, 2, 3])
    }
  }

  /// A run that overflows goes on from its newest good checkpoint, and so does one that has none.
  @Test(arguments: [3, 10])
  func aNonFiniteRunGoesBack(step: Int) throws {
    /// Spoils a parameter after a step, as an overflow would.
    final class Spoiling: TrainingObserver {
      let step: Int
      let model: FeedForward
      init(_ model: FeedForward, at step: Int) { (self.model, self.step) = (model, step) }

      func stepEnded(_ progress: TrainingProgress) {
        if progress.step == step { model.parameters[0..<1] = [.nan] }
      }
    }
    try TemporaryFolder.with { folder in
      try TrainingRun(job(), on: samples, in: "\(folder)/whole").train()
      let run = try TrainingRun(job(), on: samples, in: "\(folder)/spoilt")
      #expect(throws: NonFiniteError.self) {
        try run.train(observers: [Spoiling(run.trainer.model, at: step)])
      }
      #expect(!run.isSaved)
      #expect(try run.train())
      #expect(try results("\(folder)/spoilt") == results("\(folder)/whole"))
      #expect(try epochs("\(folder)/spoilt") == [1, 2, 3])
    }
  }

  /// History and events are told of an epoch before its checkpoint is saved: otherwise a run that
  /// is killed in between would lack the epoch for ever.
  @Test func whatIsDrawnIsRecordedBeforeTheCheckpoint() throws {
    /// Puts a folder where the event file is, so that nothing can be appended any more.
    final class Blocking: TrainingObserver {
      let folder: String
      init(_ folder: String) { self.folder = folder }

      func stepEnded(_ progress: TrainingProgress) throws {
        guard progress.step == 14 else { return }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in names where name.hasPrefix("events.") {
          try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
          try FileManager.default.createDirectory(
            atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
        }
      }
    }
    try TemporaryFolder.with { folder in
      let run = try TrainingRun(job(), on: samples, in: folder)
      #expect(throws: FileSystemError.self) { try run.train(observers: [Blocking(folder)]) }
      // The second epoch is trained, and has not ended.
      #expect(try epochs(folder) == [1])
      let saved = try RunFolder.load("\(folder)/checkpoints/last.safetensors", run.prepared.network)
      #expect(saved.state.progress.epoch == 1 && saved.state.progress.step == 14)
    }
  }

  /// What an earlier call saved and found says nothing of one that cannot begin.
  @Test func aCallThatCannotBeginHasSavedNothing() throws {
    try TemporaryFolder.with { folder in
      let run = try TrainingRun(job(), on: samples, in: folder)
      try run.train()
      #expect(run.isSaved && run.bestEpoch != nil)
      try FileManager.default.removeItem(atPath: "\(folder)/history")
      try Data().write(to: URL(fileURLWithPath: "\(folder)/history"))
      #expect(throws: FileSystemError.self) { try run.train() }
      #expect(!run.isSaved && run.bestEpoch == nil)
    }
  }

  @Test func aChangedJobGoesOnWhereThatIsAllowed() throws {
    try TemporaryFolder.with { folder in
      try TrainingRun(job(), on: samples, in: folder).train()
      var longer = job()
      longer.training.epochs = 4
      #expect(throws: ChangedRunError.self) { try TrainingRun(longer, on: samples, in: folder) }
      let run = try TrainingRun(longer, on: samples, in: folder, allowingChanges: true)
      #expect(try run.train())
      #expect(try epochs(folder) == [1, 2, 3, 4])
    }
  }

  /// What no job file can say, and the key of it.
  private static let unspeakable: [(key: String, change: @Sendable (inout Job) -> Void)] = [
    ("name", { $0.name = "a/b" }),
    ("model.hidden", { $0.model.hidden = [0] }),
    ("training.batchSize", { $0.training.batchSize = 0 }),
    ("parallel.threads", { $0.parallel.threads = .count(0) }),
    ("parallel.pin", { $0.parallel.pin = .list([]) }),
    ("optimizer.learningRate", { $0.optimizer.learningRate = .nan }),
    ("checkpoint.everyEpochs", { $0.checkpoint.everyEpochs = nil }),
  ]

  /// A run is read back by its `job.yaml`, so what no job file can say is refused at once.
  @Test(arguments: unspeakable.indices)
  func whatNoJobFileCanSayIsRefused(index: Int) throws {
    try TemporaryFolder.with { folder in
      let (key, change) = Self.unspeakable[index]
      var job = job()
      change(&job)
      let error = #expect(throws: JobErrors.self) {
        try TrainingRun(job, on: samples, in: "\(folder)/run")
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains(key))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/run"))
    }
  }
}
