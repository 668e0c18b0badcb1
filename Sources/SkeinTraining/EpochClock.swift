import SkeinRecord
import SkeinWorkers

/// Times an epoch, and makes its line of metrics.
struct EpochClock {
  private let start = NanosecondClock.monotonic.now()
  /// Samples of the epoch that an earlier start of the run has used.
  private let resumed: Int

  init(samples: Int) { resumed = samples }

  /// Since the epoch began.
  var seconds: Double { NanosecondClock.monotonic.seconds(since: start) }

  /// What the epoch that has ended reports, `progress` with its totals still.
  ///
  /// - Parameter training: the seconds of its training part.
  func metrics(
    _ progress: TrainingProgress, _ evaluation: Evaluation?, training: Double, workers: Int
  ) -> EpochMetrics {
    let totals = progress.totals
    return EpochMetrics(
      epoch: progress.epoch, step: progress.step, trainLoss: totals.meanLoss,
      trainAccuracy: totals.mean(of: .correct), testLoss: evaluation?.loss,
      testAccuracy: evaluation?.accuracy,
      samplesPerSecond: Double(totals.samples - resumed) / max(training, 1e-9), seconds: seconds,
      threads: workers)
  }
}
