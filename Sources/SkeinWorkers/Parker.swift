import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lets one thread wait for a condition that another thread makes true: it spins briefly, yields
/// for a while, and then blocks.
///
/// Between two phases of a step a few microseconds pass, less than a system call takes, so
/// spinning is right as long as every thread has a core. With more threads than cores the one
/// waited for may not be running, so then nobody spins.
final class Parker: Sendable {
  private let isParked = Atomic<Bool>(false)
  private let semaphore = DispatchSemaphore(value: 0)

  /// Returns once `condition` holds. Whoever makes it hold calls `unpark()` afterwards.
  @inline(__always)
  func park(spins: Int, until condition: () -> Bool) {
    for _ in 0..<spins {
      if condition() { return }
    }
    for _ in 0..<16 {
      if condition() { return }
      sched_yield()
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
    if isParked.exchange(false, ordering: .sequentiallyConsistent) { semaphore.signal() }
  }
}
