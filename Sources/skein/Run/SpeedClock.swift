import SkeinTraining
import SkeinWorkers

/// Measures how fast a run goes, for its live line.
struct SpeedClock {
  private let start = Clock.monotonic.now()
  private var epochStart = Clock.monotonic.now()
  private let firstStep: Int
  private var samplesBefore: Int

  /// - Parameter progress: where the run goes on.
  init(_ progress: TrainingProgress) {
    firstStep = progress.step
    samplesBefore = progress.totals.samples
  }

  /// Call when an epoch, its evaluation included, is done.
  mutating func beginEpoch() {
    epochStart = Clock.monotonic.now()
    samplesBefore = 0
  }

  /// Samples per second of this epoch's training.
  func samplesPerSecond(_ progress: TrainingProgress) -> Double {
    Double(progress.totals.samples - samplesBefore)
      / max(Clock.monotonic.seconds(since: epochStart), 1e-9)
  }

  /// How long the rest takes if it goes on as it went so far; nil before the first step.
  func secondsLeft(_ progress: TrainingProgress, epochs: Int) -> Double? {
    let done = progress.step - firstStep
    guard done > 0, progress.batches > 0 else { return nil }
    let left = Double(epochs - progress.epoch) * Double(progress.batches) - Double(progress.batch)
    return Clock.monotonic.seconds(since: start) / Double(done) * max(0, left)
  }
}
