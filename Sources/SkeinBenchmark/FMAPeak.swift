import CFMAPeak
import SkeinWorkers

/// The peak rate of the cores in fused multiply-adds. The arithmetic of training is compared with
/// it.
///
/// It is measured, since the clock rate of cores changes with the load. Every worker of the
/// benchmark runs twelve independent chains of vector multiply-adds. They work in registers and use
/// no memory.
///
/// The peak is an upper bound for everything that consists of multiply-adds of Floats. No matrix
/// product quite reaches it, because a product must also load its operands. On a virtual machine
/// whose neighbours take time from it, single measurements come out low: take the best of several.
public enum FMAPeak {
  /// The operations per second of all workers of `scheduler` together. A multiply-add counts as
  /// two.
  ///
  /// - Parameters:
  ///   - scheduler: its workers are measured.
  ///   - seconds: about how long the measurement takes, > 0.
  ///   - clock: tests bring their own.
  /// - Throws: what the scheduler throws.
  public static func measure(
    _ scheduler: any BatchScheduler, seconds: Double = 0.01, clock: NanosecondClock = .monotonic
  ) throws -> Double {
    // A short run comes first. It wakes the workers, lets the clock rate rise, and shows how long a
    // round takes.
    let rounds = 1_000
    let trial = try run(scheduler, rounds: rounds, clock)
    let wanted = Double(rounds) * seconds / max(trial.seconds, 1e-6)
    let result = try run(scheduler, rounds: Int(min(max(wanted, 1), 1e8)), clock)
    return result.operations / max(result.seconds, 1e-9)
  }

  private static func run(
    _ scheduler: any BatchScheduler, rounds: Int, _ clock: NanosecondClock
  ) throws -> (operations: Double, seconds: Double) {
    let phase = MultiplyAddPhase(workers: scheduler.workerCount, rounds: rounds)
    let start = clock.now()
    try scheduler.run(phase)
    let seconds = Double(clock.now() - start) / 1e9
    return (phase.operations, seconds)
  }
}

/// A phase with one loop of multiply-adds per worker.
///
/// `@unchecked Sendable`: item `i` alone writes `counts[i]` and `sinks[i]`.
private final class MultiplyAddPhase: Phase, @unchecked Sendable {
  let itemCount: Int
  private let rounds: Int
  private let counts: UnsafeMutableBufferPointer<Double>
  private let sinks: UnsafeMutableBufferPointer<Float>

  init(workers: Int, rounds: Int) {
    itemCount = workers
    self.rounds = rounds
    counts = .allocate(capacity: workers)
    counts.initialize(repeating: 0)
    sinks = .allocate(capacity: workers)
    sinks.initialize(repeating: 0)
  }

  deinit {
    counts.deallocate()
    sinks.deallocate()
  }

  var operations: Double { counts.reduce(0, +) }

  func run(item: Int, worker: Int) {
    counts[item] = Double(rounds) * skein_fma_rounds(rounds, &sinks[item])
  }
}
