import SkeinData
import SkeinModel
import SkeinTraining

/// What records a run's history and events, as the `report` section of its job asks for.
struct RunReports {
  /// The recorders. They must come before the observer that saves checkpoints: see
  /// `HistoryRecorder`.
  let observers: [any TrainingObserver]
  private let history: HistoryRecorder?

  /// Makes the recorders ready for training from `progress`. Call it before the next step.
  ///
  /// - Throws: `FileSystemError`.
  init(
    _ prepared: PreparedJob, _ model: FeedForward, train: Split, test: Split?,
    evaluator: Evaluator?, folder: RunFolder, progress: TrainingProgress
  ) throws {
    let job = prepared.job
    let events =
      job.report.tensorBoard
      ? try EventRecorder(folder, job: job, step: progress.step) : nil
    history =
      job.report.history
      ? try HistoryRecorder(
        folder.history, model: model, prepared.objective,
        dataset: prepared.dataset.manifest, train: prepared.scaled(train),
        test: test.map(prepared.scaled), evaluator: evaluator,
        shards: prepared.shards, threads: prepared.threads,
        consume: { try events?.add($0) }) : nil
    if let history, progress.step == 0 { try events?.begin(history.run) }
    try history?.begin(progress)
    let all: [(any TrainingObserver)?] = [history, events]
    observers = all.compactMap { $0 }
  }

  /// Waits until everything is written.
  ///
  /// - Throws: `FileSystemError`.
  func finish() throws { try history?.finish() }
}
