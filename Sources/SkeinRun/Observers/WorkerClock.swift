import SkeinFiles
import SkeinRecord
import SkeinTraining
import SkeinWorkers

/// Adds to an epoch's numbers what each worker did with the time of its training part.
package final class WorkerClock: TrainingObserver {
  /// One step in 32 is measured.
  package static let period = 32

  private let stopwatch: Stopwatch

  /// - Parameter stopwatch: what the trainer runs on.
  package init(_ stopwatch: Stopwatch) { self.stopwatch = stopwatch }

  package func complete(_ metrics: inout EpochMetrics, training: Double) {
    guard let first = stopwatch.take("forward+backward"),
      let second = stopwatch.take("reduce+update")
    else { return }
    // What was measured stands for all steps.
    let factor = training / Double(first.elapsed + second.elapsed)
    metrics.workers = zip(first.work, second.work).prefix(metrics.threads).map {
      let (first, second) = (Double($0) * factor, Double($1) * factor)
      return WorkerTimes(
        forwardBackward: first, reduceUpdate: second, waiting: max(0, training - first - second))
    }
  }
}
