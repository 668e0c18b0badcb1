import SkeinData
import SkeinWorkers
import Synchronization

/// Samples whose reading is timed.
struct TimedSource: SourceWrapper {
  /// Nanoseconds, summed over the workers.
  final class Total: Sendable {
    private let nanoseconds = Atomic<Int>(0)

    /// What was added since the last call.
    func take() -> Int { nanoseconds.exchange(0, ordering: .relaxed) }

    fileprivate func add(_ duration: Int) { nanoseconds.add(duration, ordering: .relaxed) }
  }

  let total = Total()
  let base: any SampleSource
  private let clock: Clock

  init(_ base: any SampleSource, clock: Clock) {
    self.base = base
    self.clock = clock
  }

  func read(_ rows: BatchRows, into memory: BatchMemory) throws {
    let start = clock.now()
    defer { total.add(clock.now() - start) }
    try base.read(rows, into: memory)
  }
}
