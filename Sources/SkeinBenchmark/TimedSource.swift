import SkeinData
import SkeinWorkers
import Synchronization

/// A source that measures how long it takes to read its samples.
struct TimedSource: SourceWrapper {
  /// The time of all reads in nanoseconds, summed over the workers.
  final class Total: Sendable {
    private let nanoseconds = Atomic<Int>(0)

    /// The time that was added since the last call.
    func take() -> Int { nanoseconds.exchange(0, ordering: .relaxed) }

    fileprivate func add(_ duration: Int) { nanoseconds.add(duration, ordering: .relaxed) }
  }

  let total = Total()
  let base: any SampleSource
  private let clock: NanosecondClock

  init(_ base: any SampleSource, clock: NanosecondClock) {
    self.base = base
    self.clock = clock
  }

  func read(_ rows: BatchRows, into memory: BatchMemory) throws {
    let start = clock.now()
    defer { total.add(clock.now() - start) }
    try base.read(rows, into: memory)
  }
}
