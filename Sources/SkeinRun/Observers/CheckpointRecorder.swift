import SkeinData
import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// Writes what a run leaves behind: a line of metrics per epoch, and checkpoints.
///
/// Files are written beside the training; a failure surfaces at the next step.
public final class CheckpointRecorder: TrainingObserver {
  private let folder: RunFolder
  private let trainer: Trainer
  private let identity: RunIdentity
  private let options: CheckpointOptions
  private let epochs: Int
  private let writer = BackgroundWriter()
  /// The digests of the jobs whose checkpoints are the run's.
  private let jobs: Set<String>
  private var best: BestMetric.Score?
  /// The best epoch of those that were trained since the start; nil while an earlier one is best.
  public private(set) var bestEpoch: EpochMetrics?
  private let clock: Clock
  private var lastSave: Int
  private var savedStep: Int?

  /// - Parameters:
  ///   - identity: what the run's bits depend on.
  ///   - epochs: how many epochs the run has; behind the last one there is always a checkpoint.
  ///   - resumed: the checkpoint that the run goes on from.
  public init(
    _ folder: RunFolder, trainer: Trainer, identity: RunIdentity,
    options: CheckpointOptions, epochs: Int, resumed: Checkpoint? = nil,
    clock: Clock = .monotonic
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

  public func stepEnded(_ progress: TrainingProgress) throws {
    try writer.check()
    let stepsAreUp = options.everySteps.map { progress.step % $0 == 0 } ?? false
    if stepsAreUp || minutesAreUp { try save(progress, isBest: false) }
  }

  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    // The line before it must be in a checkpoint's reach before the file grows again.
    try writer.finish()
    try folder.append(metrics)
    let score = options.best.score(metrics)
    let isBest = best.map { score > $0 } ?? true
    if isBest { (best, bestEpoch) = (score, metrics) }
    let isDue = options.everyEpochs.map { progress.epoch % $0 == 0 } ?? false
    if isDue || isBest || progress.epoch == epochs { try save(progress, isBest: isBest) }
  }

  /// Saves where training stands, unless that is saved already, and waits for the disk.
  ///
  /// - Throws: `FileSystemError`.
  public func finish() throws {
    if savedStep != trainer.progress.step { try save(trainer.progress, isBest: false) }
    try writer.finish()
  }

  /// Saves what was trained when training has failed for another reason, if the trainer stands
  /// where it can go on from. A failure here is in the shadow of the first one, and not told.
  ///
  /// - Returns: whether where training stands is saved.
  public func rescue() -> Bool {
    guard trainer.isSound else {
      try? writer.finish()
      return false
    }
    do { try finish() } catch { return false }
    return true
  }

  /// Waits for the checkpoint that is being written, and leaves everything else.
  public func abandon() { try? writer.finish() }

  private var minutesAreUp: Bool {
    guard let minutes = options.everyMinutes else { return false }
    return clock.seconds(since: lastSave) >= minutes * 60
  }

  private func save(_ progress: TrainingProgress, isBest: Bool) throws {
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
