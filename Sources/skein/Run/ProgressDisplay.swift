import SkeinFiles
import SkeinRecord
import SkeinReport
import SkeinRun
import SkeinTraining
import SkeinWorkers

/// Shows the progress of a run: a live line on a terminal, and always one plain line per epoch.
final class ProgressDisplay: TrainingObserver {
  private let isLive = Terminal.isLive
  private var epochs = 0
  /// Whether targets are values, which have errors in place of accuracies.
  private var areValues = false
  private var lastDraw = 0
  private var speed = SpeedClock()
  private var history: [EpochMetrics] = []
  private var lastMetrics: EpochMetrics?
  private var drawing: Progress?

  func begin(_ run: TrainingRun) {
    let (prepared, progress) = (run.prepared, run.trainer.progress)
    epochs = prepared.job.training.epochs
    let widths = prepared.network.widths.map(String.init).joined(separator: "-")
    let count = prepared.network.layout.parameterCount
    printWrapped("\(prepared.job.name.printable()): \(widths), \(counted(count, "parameter"))")
    printWrapped(
      "\(prepared.sampleCounts); \(counted(prepared.threads, "thread")), "
        + counted(prepared.shards.count, "batch shard"))
    areValues = prepared.objective.values != nil
    let values = areValues ? prepared.lossHint : nil
    for hint in [
      values, prepared.idleThreadsHint, prepared.idleCoresHint, prepared.watchedTestHint,
    ] {
      if let hint { printWrapped(hint) }
    }
    let batch = progress.batch > 0 ? ", batch \(progress.batch) of the next" : ""
    if progress.step > 0 { printWrapped("going on after epoch \(progress.epoch)\(batch)") }
    if run.trainer.isOver { printWrapped("\(counted(progress.epoch, "epoch")): all done") }
  }

  /// Prints which thread count is the fastest now, and why.
  func chose(_ threads: Int, _ trials: [ThreadTuner.Trial]) {
    let times = trials.map {
      "\(decimals($0.secondsPerStep * 1000, 3)) ms with \($0.workers)"
    }.joined(separator: ", ")
    LiveLine.clear()
    printWrapped("threads: \(threads), the fastest of those tried (a step took \(times))")
  }

  func stepEnded(_ progress: TrainingProgress) {
    guard isLive else { return }
    let now = NanosecondClock.monotonic.now()
    speed.stepEnded(progress, at: now)
    guard now - lastDraw > 100_000_000 else { return }
    lastDraw = now
    let line = ProgressLine(
      epoch: progress.epoch + 1, epochs: epochs, batch: progress.batch, batches: progress.batches,
      loss: progress.totals.meanLoss,
      accuracy: areValues ? nil : progress.totals.mean(of: .correct),
      error: areValues ? progress.totals.mean(of: .absoluteError) : nil,
      samplesPerSecond: speed.samplesPerSecond(progress, at: now) ?? .nan,
      secondsLeft: speed.secondsLeft(progress, epochs: epochs, at: now))
    // One column stays free, because a terminal may wrap a line behind the last one. The width is
    // asked for each time, because a window can be resized.
    let width = Terminal.columns - 1
    LiveLine.show(line.text(width: width, style: Terminal.style), onErrors: false)
  }

  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
    LiveLine.clear()
    let line = EpochLine(
      epoch: metrics.epoch, epochs: epochs, trainLoss: metrics.trainLoss,
      trainAccuracy: metrics.trainAccuracy, trainError: metrics.trainError,
      validationLoss: metrics.validationLoss, validationAccuracy: metrics.validationAccuracy,
      validationError: metrics.validationError, testLoss: metrics.testLoss,
      testAccuracy: metrics.testAccuracy, testError: metrics.testError,
      samplesPerSecond: metrics.samplesPerSecond)
    print(line.text(width: Terminal.columns))
    lastMetrics = metrics
    history.append(metrics)
    speed.epochEnded()
  }

  /// Shows that `done` of `total` parts of the page are drawn.
  func drew(_ done: Int, _ total: Int) {
    let progress = drawing ?? Progress("drawing")
    progress.report(done, of: total)
    drawing = progress
  }

  /// Removes what the terminal shows only while work goes on.
  func clear() { drawing?.end() }

  /// Prints how `run` ended.
  ///
  /// - Parameter hasPage: whether the run's page, if the job wants one, could be drawn.
  func end(_ run: TrainingRun, hasPage: Bool = true) {
    clear()
    if isLive { drawCurve() }
    if run.trainer.hasStoppedEarly, let stop = run.prepared.job.training.earlyStop {
      let metric = stop.metric ?? run.prepared.watchedLoss
      printWrapped(
        "stopped early: \(metric.words) has not become better for "
          + counted(stop.patience, "epoch"))
    }
    if let accuracy = lastMetrics?.testAccuracy {
      printWrapped("accuracy on held-out samples: \(percent(accuracy))")
    }
    if let error = lastMetrics?.testError {
      printWrapped("mean absolute error on held-out samples: \(NumberFormat.value(error))")
    }
    if let best = run.bestEpoch {
      let metric = run.prepared.job.checkpoint.best
      let chosen = metric.explanation(
        isEvaluated: run.test != nil, isValidated: run.prepared.holdout != nil)
      printWrapped("best after epoch \(best.epoch): \(Self.result(best)) (chosen \(chosen))")
    }
    printPath("run folder", run.folder.path)
    if hasPage, run.prepared.job.report.history { printPath("page", run.folder.reportFile) }
  }

  /// The accuracy or the error of an epoch, of the validation samples or else on the test split, if
  /// there are any.
  private static func result(_ epoch: EpochMetrics) -> String {
    if let accuracy = epoch.validationAccuracy { return "validation accuracy \(percent(accuracy))" }
    if let error = epoch.validationError { return "validation error \(NumberFormat.value(error))" }
    if let accuracy = epoch.testAccuracy { return "test accuracy \(percent(accuracy))" }
    if let error = epoch.testError { return "test error \(NumberFormat.value(error))" }
    if let error = epoch.trainError { return "train error \(NumberFormat.value(error))" }
    return "train accuracy \(percent(epoch.trainAccuracy ?? 0))"
  }

  /// Prints a small curve of the accuracy or the error over the epochs of this run.
  private func drawCurve() {
    let values = history.compactMap {
      areValues
        ? $0.validationError ?? $0.testError ?? $0.trainError
        : $0.validationAccuracy ?? $0.testAccuracy ?? $0.trainAccuracy
    }
    let curve = TextCurve.lines(
      values, width: Terminal.columns, hasBlocks: Terminal.hasBlocks,
      label: areValues ? NumberFormat.value : percent)
    guard let first = history.first, let last = history.last, !curve.isEmpty else { return }
    let split =
      last.validationLoss != nil ? "validation " : last.testLoss != nil ? "test " : "train "
    let name = split + (areValues ? "error" : "accuracy")
    printWrapped("\n\(name), epochs \(first.epoch) to \(last.epoch)")
    print(curve.joined(separator: "\n") + "\n")
  }
}
