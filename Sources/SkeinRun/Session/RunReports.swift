import SkeinData
import SkeinModel
import SkeinTraining

/// What a run records to be looked at, as its job's `report` section asks for.
struct RunReports {
  /// They come before the observer that saves checkpoints: see `HistoryRecorder`.
  let observers: [any TrainingObserver]
  private let history: HistoryRecorder?

  /// Begins to record at `progress`, before the next step.
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

  /// Waits until everything recorded is written.
  func finish() throws { try history?.finish() }
}
