import Glibc

/// What tells the time: the machine's monotonic clock, or a test's.
public struct NanosecondClock: Sendable {
  /// Nanoseconds since some moment. A call takes about 25 ns.
  public let now: @Sendable () -> Int

  /// - Parameter now: nanoseconds since any fixed moment, never less than before.
  public init(_ now: @escaping @Sendable () -> Int) { self.now = now }

  /// The clock that neither jumps nor follows the time of day.
  public static let monotonic = NanosecondClock {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// Seconds since `start`, which `now` gave.
  public func seconds(since start: Int) -> Double { Double(now() - start) / 1e9 }
}
