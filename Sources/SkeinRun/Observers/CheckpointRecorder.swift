import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// Writes a run's metrics, a line per epoch, and its checkpoints.
///
/// Checkpoints are written on a thread of their own. If writing one fails, the next step throws the
/// error.
package final class CheckpointRecorder: TrainingObserver {
  private let folder: RunFolder
  private let trainer: Trainer
  private let identity: RunIdentity
  private let options: CheckpointOptions
  private let epochs: Int
  private let writer = BackgroundWriter()
  /// The digests of the run's jobs: the current one, and that of the resumed checkpoint.
  private let jobs: Set<String>
  /// The score of the best epoch of the whole run.
  private var best: BestMetric.Score?
  /// The best epoch since this recorder was made; nil while an epoch before that is the best.
  package private(set) var bestEpoch: EpochMetrics?
  private let clock: NanosecondClock
  /// When the last checkpoint was saved, on `clock`.
  private var lastSave: Int
  /// The step of the last saved checkpoint.
  private var savedStep: Int?

  /// - Parameters:
  ///   - folder: the run's folder, whose lock the caller holds.
  ///   - trainer: what is trained. Its state is saved.
  ///   - identity: what the run's bits depend on.
  ///   - options: when to save a checkpoint, and how many to keep.
  ///   - epochs: how many epochs the run has. After the last one there is always a checkpoint.
  ///   - resumed: the checkpoint that the run continues from.
  ///   - clock: tests bring their own.
  package init(
    _ folder: RunFolder, trainer: Trainer, identity: RunIdentity,
    options: CheckpointOptions, epochs: Int, resumed: Checkpoint? = nil,
    clock: NanosecondClock = .monotonic
  ) {
    self.folder = folder
    self.trainer = trainer
    self.identity = identity
    self.options = options
    self.epochs = epochs
    self.clock = clock
    lastSave = clock.now()
    jobs = Set([identity.job] + (resumed.map { [$0.identity.job] } ?? []))
    best = resumed?.best
    savedStep = resumed?.state.progress.step
  }

  /// Saves a checkpoint where `options` want one after this step, by count or by time.
  ///
  /// - Throws: `FileSystemError`, also for an earlier checkpoint.
  package func stepEnded(_ progress: TrainingProgress) throws {
    try writer.check()
    let stepsAreUp = options.everySteps.map { progress.step % $0 == 0 } ?? false
    if stepsAreUp || minutesAreUp { try save(progress, isBest: false) }
  }

  /// Appends the epoch's metrics. Saves a checkpoint where `options` want one, after the best epoch
  /// so far, and after the last epoch.
  ///
  /// - Throws: `FileSystemError`, also for an earlier checkpoint.
  package func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    // A checkpoint that is being written flushes the metrics. It must be complete before the file
    // grows again.
    try writer.finish()
    try folder.append(metrics)
    let score = options.best.score(metrics)
    let isBest = best.map { score > $0 } ?? true
    if isBest { (best, bestEpoch) = (score, metrics) }
    let isDue = options.everyEpochs.map { progress.epoch % $0 == 0 } ?? false
    if isDue || isBest || progress.epoch == epochs { try save(progress, isBest: isBest) }
  }

  /// Saves the current state, unless it is saved already, and waits until it is written.
  ///
  /// - Throws: `FileSystemError`.
  package func finish() throws {
    if savedStep != trainer.progress.step { try save(trainer.progress, isBest: false) }
    try writer.finish()
  }

  /// Saves the current state after training has failed, if the trainer can continue from it. It
  /// does not throw when saving fails too: the first failure matters more.
  ///
  /// - Returns: whether the current state is saved.
  package func rescue() -> Bool {
    guard trainer.isSound else {
      try? writer.finish()
      return false
    }
    do { try finish() } catch { return false }
    return true
  }

  /// Waits for the checkpoint that is being written, and saves nothing more.
  func abandon() { try? writer.finish() }

  private var minutesAreUp: Bool {
    guard let minutes = options.everyMinutes else { return false }
    return clock.seconds(since: lastSave) >= minutes * 60
  }

  private func save(_ progress: TrainingProgress, isBest: Bool) throws {
    // Before the state is copied: two checkpoints at a time would take twice the memory.
    try writer.finish()
    var state = trainer.state
    state.progress = progress
    let checkpoint = Checkpoint(state: state, best: best, identity: identity)
    let (folder, keep, jobs) = (folder, options.keep, jobs)
    let network = trainer.model.network
    try writer.submit {
      try folder.save(
        checkpoint.encode(network), step: progress.step, isBest: isBest, keep: keep, of: jobs)
    }
    lastSave = clock.now()
    savedStep = progress.step
  }
}
