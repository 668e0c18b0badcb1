import Glibc
import Synchronization

/// Where the workers' time goes, in nanoseconds summed over the workers since `reset`.
///
/// Filled by `TimedScheduler` and `TimedSource`, which a benchmark puts around a trainer's own: a
/// trainer without them has no clock in it at all.
public final class StepTimes: Sendable {
  /// Bringing samples: reading rows and converting them.
  public var gather: Int { gatherTime.load(ordering: .relaxed) }
  /// Forward and backward passes of the batch shards, up to the weights' gradients.
  public var forwardBackward: Int { gradientTime.load(ordering: .relaxed) - gather }
  /// Forming the weights' gradients, reducing them, and updating.
  public var reduceUpdate: Int { updateTime.load(ordering: .relaxed) }
  /// How long phases lasted, from the call to the last worker's end. Not summed over workers: the
  /// caller alone takes it.
  public var phases: Int { phaseTime.load(ordering: .relaxed) }

  let gatherTime = Atomic<Int>(0)
  /// Includes the gathering.
  let gradientTime = Atomic<Int>(0)
  let updateTime = Atomic<Int>(0)
  let phaseTime = Atomic<Int>(0)

  public init() {}

  /// Begins anew. Between two steps only.
  public func reset() {
    gatherTime.store(0, ordering: .relaxed)
    gradientTime.store(0, ordering: .relaxed)
    updateTime.store(0, ordering: .relaxed)
    phaseTime.store(0, ordering: .relaxed)
  }

  /// Adds the duration of `body` to `counter`, also where it throws.
  static func measure<Result>(
    _ counter: borrowing Atomic<Int>, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = now()
    defer { counter.add(now() - start, ordering: .relaxed) }
    return try body()
  }

  /// Nanoseconds of the monotonic clock; about 25 ns a call.
  public static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
