import CFMAPeak
import SkeinWorkers

/// How many fused multiply-adds the cores can do: what a training step's arithmetic is compared
/// with.
///
/// Measured, since clocks change with the load: twelve independent chains of vector multiply-adds
/// in registers, no memory involved, on as many workers as the benchmark has at that moment. It is
/// a bound for everything that is built of multiply-adds of Floats; no matrix product reaches it
/// quite, as it must also load its operands. On a virtual machine whose neighbours take time from
/// it, single tries come out low: take the best of several.
public enum FMAPeak {
  /// Operations per second of `scheduler`'s workers together, a multiply-add counting as two.
  ///
  /// - Parameters:
  ///   - seconds: how long it takes, about.
  ///   - clock: nanoseconds.
  /// - Throws: what the scheduler throws.
  public static func measure(
    _ scheduler: any BatchScheduler, seconds: Double = 0.01, clock: Clock = .monotonic
  ) throws -> Double {
    // One short run first: it wakes the workers, brings the clock up, and says how long one takes.
    let rounds = 1_000
    let trial = try run(scheduler, rounds: rounds, clock)
    let wanted = Double(rounds) * seconds / max(trial.seconds, 1e-6)
    let result = try run(scheduler, rounds: Int(min(max(wanted, 1), 1e8)), clock)
    return result.operations / max(result.seconds, 1e-9)
  }

  private static func run(
    _ scheduler: any BatchScheduler, rounds: Int, _ clock: Clock
  ) throws -> (operations: Double, seconds: Double) {
    let phase = MultiplyAddPhase(workers: scheduler.workerCount, rounds: rounds)
    let start = clock.now()
    try scheduler.run(phase)
    let seconds = Double(clock.now() - start) / 1e9
    return (phase.operations, seconds)
  }
}

/// One loop of multiply-adds per worker.
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
