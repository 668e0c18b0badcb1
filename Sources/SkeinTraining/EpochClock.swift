import SkeinRecord
import SkeinWorkers

/// Times an epoch, and makes its line of metrics.
struct EpochClock {
  private let start = NanosecondClock.monotonic.now()
  /// Samples of the epoch that an earlier start of the run has used.
  private let resumed: Int
  /// Whether targets are values, which have errors in place of accuracies.
  private let areValues: Bool

  init(samples: Int, areValues: Bool) { (resumed, self.areValues) = (samples, areValues) }

  /// Since the epoch began.
  var seconds: Double { NanosecondClock.monotonic.seconds(since: start) }

  /// What the epoch that has ended reports, `progress` with its totals still.
  ///
  /// - Parameter training: the seconds of its training part.
  func metrics(
    _ progress: TrainingProgress, _ evaluation: Evaluation?, validation: Evaluation? = nil,
    training: Double, workers: Int
  ) -> EpochMetrics {
    let totals = progress.totals
    return EpochMetrics(
      epoch: progress.epoch, step: progress.step, trainLoss: totals.meanLoss,
      trainAccuracy: areValues ? nil : totals.mean(of: .correct),
      trainError: areValues ? totals.mean(of: .absoluteError) : nil, testLoss: evaluation?.loss,
      testAccuracy: evaluation?.accuracy,
      testError: evaluation?.values?.overall.meanAbsoluteError, validationLoss: validation?.loss,
      validationAccuracy: validation?.accuracy,
      validationError: validation?.values?.overall.meanAbsoluteError,
      samplesPerSecond: Double(totals.samples - resumed) / max(training, 1e-9), seconds: seconds,
      threads: workers)
  }
}
