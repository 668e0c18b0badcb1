import Glibc
import SkeinConfig
import SkeinData
import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// A run of a job in a folder of its own: all that `skein train` does, except for its output.
///
///     let run = try TrainingRun(Job.load(path: "Configs/digits.yaml").job, in: "Runs/digits")
///     try run.train()
///
/// It holds the folder's lock as long as it exists. If the folder holds a run already, that run is
/// resumed at the exact sample, and ends in the bits of a run that was never stopped.
public final class TrainingRun {
  /// The job and its dataset.
  public let prepared: PreparedJob
  /// The folder that the run writes into.
  public let folder: RunFolder
  /// The training split, in memory.
  public let train: Split
  /// The test split, in memory; nil where the job has none.
  public let test: Split?
  /// What trains the model.
  public let trainer: Trainer
  /// Whether the folder held no run before.
  public let isNew: Bool
  /// Why the job's scale does not suit the range of the samples; nil where it does.
  public let scaleHint: String?
  /// Whether the state in which the last call of `train` ended is saved.
  public private(set) var isSaved = false
  /// The best epoch of the whole run, by the job's metric; nil until the last epoch is done.
  public private(set) var bestEpoch: EpochMetrics?

  private let lock: RunLock
  private let allowsChanges: Bool
  /// The checkpoint that the next call of `train` continues from, without its parameters and the
  /// optimizer's states, which the trainer has; nil for the beginning.
  private var resumed: Checkpoint?
  private var hasTrained = false
  private let scheduler: DispatchScheduler
  /// What the trainer runs on where workers' times are recorded; nil elsewhere.
  private let stopwatch: Stopwatch?
  private let evaluator: Evaluator?
  private let validator: Evaluator?
  private let warn: @Sendable (String) -> Void

  /// Opens the run of `prepared` in `folder`, ready for its next step.
  ///
  /// - Parameters:
  ///   - prepared: the job and its dataset.
  ///   - folder: the run's folder. It is made if it is missing.
  ///   - splits: the job's samples in memory; nil to load them.
  ///   - resumes: whether to resume a run that is in the folder. Otherwise such a run is an error.
  ///   - allowingChanges: whether to resume a run whose job or dataset has changed.
  ///   - warn: gets a line for each oddity that is no error, from any thread; `{ _ in }` for
  ///     nothing said.
  /// - Throws: `DataError`, `WorkerStartError`, `RunFolderError`,
  ///   `RunInUseError`, `ChangedRunError`, `FormatError` for damaged files, `JobErrors` for a
  ///   damaged `job.yaml` in the folder, `FileSystemError`.
  public init(
    _ prepared: PreparedJob, in folder: RunFolder, splits: (train: Split, test: Split?)? = nil,
    resumes: Bool = true, allowingChanges: Bool = false,
    warn: @escaping @Sendable (String) -> Void = TrainingRun.writeWarning
  ) throws {
    self.prepared = prepared
    self.folder = folder
    self.warn = warn
    (train, test) = try splits ?? prepared.loadSplits()
    scheduler = try DispatchScheduler(
      threads: prepared.threads, pinning: prepared.job.parallel.pin)
    lock = try folder.open()
    isNew = !folder.holdsRun
    if !resumes { try folder.refuseRun() }
    allowsChanges = allowingChanges
    resumed = try prepared.open(folder, allowingChanges: allowingChanges, warn: warn)
    scaleHint = try prepared.writeData(of: train, in: folder, warn: warn).scaleHint
    stopwatch =
      prepared.job.report.history ? Stopwatch(scheduler, period: WorkerClock.period) : nil
    trainer = prepared.makeTrainer(prepared.scaled(train), scheduler: stopwatch ?? scheduler)
    if let resumed { trainer.restore(resumed.state) }
    resumed?.dropNumbers()
    let model = trainer.evaluated
    validator = prepared.makeValidator(
      model, prepared.scaled(train), workers: scheduler.workerCount)
    evaluator = test.map { [scheduler] in
      prepared.makeEvaluator(model, prepared.scaled($0), workers: scheduler.workerCount)
    }
  }

  /// Opens the run of `job` in the folder at `path`, which is made if it is missing.
  ///
  /// - Throws: as the initializer with a `PreparedJob`, and `JobLimitError` for a job that does not
  ///   fit the machine or its dataset.
  public convenience init(
    _ job: Job, in path: String, allowingChanges: Bool = false,
    warn: @escaping @Sendable (String) -> Void = TrainingRun.writeWarning
  ) throws {
    try self.init(
      PreparedJob(job), in: RunFolder(path: path, warn: warn), allowingChanges: allowingChanges,
      warn: warn)
  }

  /// Opens the run of `job` on samples in memory, in the folder at `path`. Of the job's `data` only
  /// `scale` and `validation` are used.
  ///
  /// - Throws: as the initializer with a `PreparedJob`, and `JobLimitError` for a job that does not
  ///   fit the machine or the samples.
  public convenience init(
    _ job: Job, on samples: ArrayDataset, in path: String, allowingChanges: Bool = false,
    warn: @escaping @Sendable (String) -> Void = TrainingRun.writeWarning
  ) throws {
    try self.init(
      PreparedJob(job, on: samples), in: RunFolder(path: path, warn: warn),
      allowingChanges: allowingChanges, warn: warn)
  }

  /// Writes a line "warning: …" to standard error: what a run does with its warnings, unless it is
  /// given something else.
  @Sendable public static func writeWarning(_ text: String) {
    // In one call, so that lines of several threads do not mix. Where it fails, nobody listens.
    Array("warning: \(text)\n".utf8).withUnsafeBytes {
      _ = write(STDERR_FILENO, $0.baseAddress, $0.count)
    }
  }

  /// Trains to the last epoch. It saves checkpoints as the job says, records what pictures are
  /// drawn from, and draws the run's page at the end.
  ///
  /// To end it earlier, raise `stop` from another thread. It then saves its state. Another call
  /// continues from the newest checkpoint, as another process does.
  ///
  /// - Parameters:
  ///   - observers: further observers, which are told after the recorders of the run.
  ///   - stop: ends the training when it is raised.
  ///   - chose: gets the fastest thread count and what was measured, where there is a choice: after
  ///     the first trials, and when another one has become the fastest, at most once in an epoch.
  ///   - drawing: gets how many parts of the page are drawn, and how many there are.
  /// - Throws: `NonFiniteError`, `WorkerError`, `DataError` where the dataset was replaced,
  ///   `FileSystemError`, and what the observers throw. What was trained until then is saved if
  ///   possible: see `isSaved`.
  /// - Returns: whether the run is complete, page included. False where `stop` was raised, also
  ///   while the last epoch ended.
  @discardableResult
  public func train(
    observers: [any TrainingObserver] = [], stop: StopRequest = StopRequest(),
    chose: @escaping (_ threads: Int, [ThreadTuner.Trial]) -> Void = { _, _ in },
    drawing: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Bool {
    let job = prepared.job
    (isSaved, bestEpoch) = (false, nil)
    if hasTrained { try reopen() }
    hasTrained = true
    let recorder = CheckpointRecorder(
      folder, trainer: trainer, identity: prepared.identity, options: job.checkpoint,
      epochs: job.training.epochs, resumed: resumed)
    let reports = try RunReports(
      prepared, trainer.evaluated, train: train, test: test, evaluator: evaluator, folder: folder,
      progress: trainer.progress)
    let isDone: Bool
    do {
      isDone = try trainer.run(
        evaluator: evaluator, validator: validator,
        observers: reports.observers + [recorder] + observers + watches(chose), stop: stop)
    } catch {
      isSaved = recorder.rescue()
      // No file of the run is written any more when this returns, and the lock may be released.
      try? reports.finish()
      throw error
    }
    try recorder.finish()
    isSaved = true
    try reports.finish()
    guard isDone, !stop.isRaised else { return false }
    bestEpoch = try recorder.bestEpoch ?? folder.bestEpoch(by: job.checkpoint.best)
    if job.report.history {
      // The training has succeeded, even if the best checkpoint of a resumed run is damaged.
      try folder.drawPage(needsBest: false, warn: warn, report: drawing)
    }
    return true
  }

  /// Makes folder and trainer what they would be in another process: they stand at the newest
  /// checkpoint, or at the beginning. An earlier call may have recorded what lies after that, such
  /// as an epoch whose observers failed.
  private func reopen() throws {
    resumed = try prepared.open(folder, allowingChanges: allowsChanges, warn: warn)
    trainer.restore(resumed?.state ?? prepared.initialState())
    resumed?.dropNumbers()
  }

  /// The observers that watch over the run. They come after the recorders of history, events and
  /// checkpoints.
  private func watches(
    _ chose: @escaping (Int, [ThreadTuner.Trial]) -> Void
  ) throws -> [any TrainingObserver] {
    var watches: [any TrainingObserver] = [
      DatasetWatch([train] + (test.map { [$0] } ?? []), warn: warn),
      try DivergenceWatch(
        trainer.model, prepared.objective, source: prepared.scaled(train),
        learningRate: prepared.job.optimizer.learningRate,
        ignorance: prepared.lossOfIgnorance(train), hint: scaleHint, warn: warn),
    ]
    if let stopwatch { watches.append(WorkerClock(stopwatch)) }
    if scheduler.workerCount > 1 {
      watches.append(ThreadTuner(scheduler, chosen: chose))
    }
    return watches
  }
}

extension Checkpoint {
  /// Gives the memory of the parameters and of the optimizer's states back.
  fileprivate mutating func dropNumbers() { (state.parameters, state.optimizer) = ([], []) }
}
