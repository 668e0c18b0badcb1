import Dispatch
import Synchronization

/// Lets one thread wait for a condition that another thread makes true: it spins for some
/// microseconds, and then blocks.
///
/// Between two phases of a step a few microseconds pass, less than a system call takes, so spinning
/// is right as long as the other thread has a core. Where it has none, blocking gives it this one.
/// Yielding does not: beside a program that never sleeps, a yield lasts as long as the time slice
/// of that program, some milliseconds.
final class Parker: Sendable {
  private let isParked = Atomic<Bool>(false)
  private let semaphore = DispatchSemaphore(value: 0)

  /// Returns once `condition` holds. Whoever makes it hold calls `unpark()` afterwards.
  @inline(__always)
  func park(spins: Int, until condition: () -> Bool) {
    for _ in 0..<spins {
      if condition() { return }
    }
    // Announce the parking first, then look again: `unpark` looks at the announcement after the
    // condition has become true, so one of the two sees the other (sequential consistency).
    while true {
      isParked.store(true, ordering: .sequentiallyConsistent)
      if condition() {
        // An `unpark` that saw the announcement has sent a signal, which must not stay behind.
        if !isParked.exchange(false, ordering: .sequentiallyConsistent) { semaphore.wait() }
        return
      }
      semaphore.wait()
      if condition() { return }
    }
  }

  /// Ends the waiting, if there is any. The condition must hold already.
  @inline(__always)
  func unpark() {
    // Looking first: an exchange takes the cache line away from the others who unpark.
    guard isParked.load(ordering: .sequentiallyConsistent) else { return }
    if isParked.exchange(false, ordering: .sequentiallyConsistent) { semaphore.signal() }
  }
}
