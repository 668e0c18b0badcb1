import SkeinTraining

/// Measures the speed of a run for its live line.
///
/// Its times begin with the end of a step. So they leave out what comes before an epoch's first
/// step: the start of the run with its first record, evaluations, and what observers do.
struct SpeedClock {
  /// The end of the first step that this process has taken.
  private var first: (time: Int, step: Int)?
  /// The end of the first step of the present epoch.
  private var epoch: (time: Int, samples: Int)?

  /// To be called at the end of each step, at the time `now` of the monotonic clock.
  mutating func stepEnded(_ progress: TrainingProgress, at now: Int) {
    if first == nil { first = (now, progress.step) }
    if epoch == nil { epoch = (now, progress.totals.samples) }
  }

  /// To be called at the end of each epoch.
  mutating func epochEnded() { epoch = nil }

  /// The speed of training in this epoch, in samples per second; nil before its second step.
  func samplesPerSecond(_ progress: TrainingProgress, at now: Int) -> Double? {
    guard let epoch, progress.totals.samples > epoch.samples, now > epoch.time else { return nil }
    return Double(progress.totals.samples - epoch.samples) / (Double(now - epoch.time) / 1e9)
  }

  /// How long the rest takes at the run's mean speed so far; nil before the second step.
  func secondsLeft(_ progress: TrainingProgress, epochs: Int, at now: Int) -> Double? {
    guard let first, progress.step > first.step, progress.batches > 0 else { return nil }
    let left = Double(epochs - progress.epoch) * Double(progress.batches) - Double(progress.batch)
    return Double(now - first.time) / 1e9 / Double(progress.step - first.step) * max(0, left)
  }
}
