import SkeinData
import SkeinWorkers
import Synchronization

/// Samples whose gathering is timed.
struct TimedSource<Base: SampleSource>: SampleSource {
  /// Nanoseconds, summed over the workers.
  final class Total: Sendable {
    private let nanoseconds = Atomic<Int>(0)

    /// What was added since the last call.
    func take() -> Int { nanoseconds.exchange(0, ordering: .relaxed) }

    fileprivate func add(_ duration: Int) { nanoseconds.add(duration, ordering: .relaxed) }
  }

  let total = Total()
  private let base: Base
  private let clock: Clock

  init(_ base: Base, clock: Clock) {
    self.base = base
    self.clock = clock
  }

  var count: Int { base.count }
  var sampleShape: [Int] { base.sampleShape }
  var sampleSize: Int { base.sampleSize }
  var classCount: Int { base.classCount }

  func gather(
    _ rows: UnsafeBufferPointer<Int32>, scale: Float,
    samples: UnsafeMutableBufferPointer<Float>, labels: UnsafeMutableBufferPointer<Int32>
  ) throws {
    let start = clock.now()
    defer { total.add(clock.now() - start) }
    try base.gather(rows, scale: scale, samples: samples, labels: labels)
  }

  func prefetch(_ rows: UnsafeBufferPointer<Int32>) { base.prefetch(rows) }
}
