import SkeinTraining
import SkeinWorkers

/// Measures the speed of a run for its live line.
struct SpeedClock {
  private let start = NanosecondClock.monotonic.now()
  private var epochStart = NanosecondClock.monotonic.now()
  private let firstStep: Int
  private var samplesBefore: Int

  /// Starts the clock.
  ///
  /// - Parameter progress: where the run begins or goes on.
  init(_ progress: TrainingProgress) {
    firstStep = progress.step
    samplesBefore = progress.totals.samples
  }

  /// To be called at the end of each epoch, after its evaluation.
  mutating func beginEpoch() {
    epochStart = NanosecondClock.monotonic.now()
    samplesBefore = 0
  }

  /// The speed of training in this epoch, in samples per second.
  func samplesPerSecond(_ progress: TrainingProgress) -> Double {
    Double(progress.totals.samples - samplesBefore)
      / max(NanosecondClock.monotonic.seconds(since: epochStart), 1e-9)
  }

  /// How long the rest takes at the run's mean speed so far; nil before the first step.
  func secondsLeft(_ progress: TrainingProgress, epochs: Int) -> Double? {
    let done = progress.step - firstStep
    guard done > 0, progress.batches > 0 else { return nil }
    let left = Double(epochs - progress.epoch) * Double(progress.batches) - Double(progress.batch)
    return NanosecondClock.monotonic.seconds(since: start) / Double(done) * max(0, left)
  }
}
