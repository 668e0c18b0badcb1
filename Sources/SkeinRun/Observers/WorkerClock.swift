import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// Adds each worker's times during the training part to an epoch's metrics.
package final class WorkerClock: TrainingObserver {
  /// One step in 32 is measured.
  package static let period = 32

  private let stopwatch: Stopwatch

  /// - Parameter stopwatch: the scheduler that the trainer runs on.
  package init(_ stopwatch: Stopwatch) { self.stopwatch = stopwatch }

  /// Adds the times since the last epoch; nothing where no step was measured.
  ///
  /// - Parameter training: the seconds of the epoch's training part.
  package func complete(_ metrics: inout EpochMetrics, training: Double) {
    guard let first = stopwatch.take(WorkerTimes.forwardBackwardPhase),
      let second = stopwatch.take(WorkerTimes.reduceUpdatePhase)
    else { return }
    // The measured steps stand for all steps of the epoch.
    let factor = training / Double(first.elapsed + second.elapsed)
    metrics.workers = zip(first.work, second.work).prefix(metrics.threads).map {
      let (first, second) = (Double($0) * factor, Double($1) * factor)
      return WorkerTimes(
        forwardBackward: first, reduceUpdate: second, waiting: max(0, training - first - second))
    }
  }
}
