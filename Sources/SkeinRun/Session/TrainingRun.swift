import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// A run of a job in a folder of its own: all of `skein train` but what it prints.
///
///     let run = try TrainingRun(Job.load(path: "Configs/digits.yaml").job, in: "Runs/digits")
///     try run.train()
///
/// It holds the folder's lock as long as it exists. A folder that holds a run already is gone on
/// with, at the exact sample, and ends in the bits of a run that was never stopped.
public final class TrainingRun {
  public let prepared: PreparedJob
  public let folder: RunFolder
  /// The splits in memory.
  public let train: Split
  public let test: Split?
  public let trainer: Trainer
  /// Whether the folder held no run before.
  public let isNew: Bool
  /// What is odd about the samples' range and the job's scale; nil for nothing.
  public let scaleHint: String?
  /// Whether the last call of `train` left where it stands on the disk.
  public private(set) var isSaved = false
  /// The best epoch of the whole run, by the job's metric; nil until the last one is done.
  public private(set) var bestEpoch: EpochMetrics?

  private let lock: RunLock
  private let resumed: Checkpoint?
  private let scheduler: DispatchScheduler
  private let stopwatch: Stopwatch?
  private let evaluator: Evaluator?
  private let warn: @Sendable (String) -> Void

  /// Opens the run of `prepared` in `folder`, before its next step.
  ///
  /// - Parameters:
  ///   - splits: the job's samples in memory; nil to load them.
  ///   - resumes: whether a run in the folder is gone on with; an error otherwise.
  ///   - allowingChanges: whether it is gone on with although its job or dataset was another.
  ///   - warn: gets a line for what is odd and no error, from any thread.
  /// - Throws: `DataError`, `WorkerStartError`, `RunFolderError`, `RunInUseError`,
  ///   `ChangedRunError`, `FormatError` for damaged files, `FileSystemError`.
  public init(
    _ prepared: PreparedJob, in folder: RunFolder, splits: (train: Split, test: Split?)? = nil,
    resumes: Bool = true, allowingChanges: Bool = false,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    self.prepared = prepared
    self.folder = folder
    self.warn = warn
    (train, test) = try splits ?? prepared.loadSplits()
    scheduler = try DispatchScheduler(threads: prepared.threads)
    lock = try folder.open()
    isNew = !folder.holdsRun
    if !resumes { try folder.refuseRun() }
    resumed = try prepared.open(folder, allowingChanges: allowingChanges, warn: warn)
    scaleHint = try prepared.record(train, in: folder, warn: warn).scaleHint
    stopwatch =
      prepared.job.report.history ? Stopwatch(scheduler, period: WorkerClock.period) : nil
    trainer = prepared.makeTrainer(prepared.scaled(train), scheduler: stopwatch ?? scheduler)
    if let resumed { trainer.restore(resumed.state) }
    let model = trainer.model
    evaluator = test.map { [scheduler] in
      prepared.makeEvaluator(model, prepared.scaled($0), workers: scheduler.workerCount)
    }
  }

  /// Opens the run of `job` in the folder at `path`, which is made where it is missing.
  ///
  /// - Throws: as above, and `JobLimitError` for a model that does not fit the memory.
  public convenience init(
    _ job: Job, in path: String, warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    try self.init(PreparedJob(job), in: RunFolder(path: path, warn: warn), warn: warn)
  }

  /// The same on samples of the program's own. Of the job's `data` only `scale` counts.
  public convenience init(
    _ job: Job, on samples: ArrayDataset, in path: String,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    try self.init(
      PreparedJob(job, on: samples), in: RunFolder(path: path, warn: warn), warn: warn)
  }

  /// Trains to the last epoch, saves as the job says, records what pictures are drawn from, and
  /// draws the run's page. Raise `stop` from another thread to end it earlier: then it saves where
  /// it stands, and another call, or another process, goes on from there.
  ///
  /// - Parameters:
  ///   - observers: what else watches.
  ///   - chose: gets the thread count that was found to be the fastest, where the job leaves it
  ///     open.
  ///   - drawing: gets how many parts of the page are drawn, and how many there are.
  /// - Throws: `NonFiniteError`, `WorkerError`, `DataError` where the dataset was replaced,
  ///   `FileSystemError`, and what the observers throw. What was trained before is saved then, if
  ///   it can be: see `isSaved`.
  /// - Returns: whether the last epoch is done.
  @discardableResult
  public func train(
    observers: [any TrainingObserver] = [], stop: StopRequest = StopRequest(),
    chose: @escaping (_ threads: Int, [ThreadTuner.Trial]) -> Void = { _, _ in },
    drawing: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Bool {
    defer { withExtendedLifetime(lock) {} }
    let job = prepared.job
    let recorder = CheckpointRecorder(
      folder, trainer: trainer, identity: prepared.identity, options: job.checkpoint,
      epochs: job.training.epochs, resumed: resumed)
    let reports = try RunReports(
      prepared, trainer.model, train: train, test: test, evaluator: evaluator, folder: folder,
      progress: trainer.progress)
    let isDone: Bool
    do {
      isDone = try trainer.run(
        evaluator: evaluator,
        observers: reports.observers + [recorder] + observers + watches(chose), stop: stop)
    } catch {
      isSaved = recorder.rescue()
      throw error
    }
    try recorder.finish()
    isSaved = true
    try reports.finish()
    guard isDone, !stop.isRaised else { return false }
    bestEpoch = try recorder.bestEpoch ?? folder.bestEpoch(by: job.checkpoint.best)
    if job.report.history {
      // A damaged best checkpoint, of a run that has gone on, is no reason to call the training
      // failed.
      try folder.drawPage(needsBest: false, warn: warn, report: drawing)
    }
    return true
  }

  /// What looks after a run, in the order in which it is told: the history and the events come
  /// before the checkpoints (see `HistoryRecorder`), and these behind them.
  private func watches(
    _ chose: @escaping (Int, [ThreadTuner.Trial]) -> Void
  ) throws -> [any TrainingObserver] {
    var watches: [any TrainingObserver] = [
      DatasetWatch([train] + (test.map { [$0] } ?? []), warn: warn),
      try DivergenceWatch(
        trainer.model, prepared.objective, source: prepared.scaled(train),
        learningRate: prepared.job.optimizer.learningRate, hint: scaleHint, warn: warn),
    ]
    if let stopwatch { watches.append(WorkerClock(stopwatch)) }
    if prepared.choosesThreads && scheduler.workerCount > 1 {
      watches.append(ThreadTuner(scheduler, chosen: chose))
    }
    return watches
  }
}
