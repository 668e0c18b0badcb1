import SkeinFiles

/// A scheduler that measures how long its workers are at work, phase by phase.
///
/// It reads the clock around every item. A trainer that runs on another scheduler has no clock in
/// its steps at all. Stopwatches may be nested: each measures what it schedules.
///
/// `@unchecked Sendable`: its state belongs to the caller of `run` and `take`, who is one thread at
/// a time.
public final class Stopwatch: BatchScheduler, @unchecked Sendable {
  /// What was measured of one phase.
  public struct Reading: Sendable, Equatable {
    /// Nanoseconds that each worker spent in items, first worker first.
    public var work: [Int]
    /// Nanoseconds from the calls to the last worker's end.
    public var elapsed: Int

    /// - Parameters:
    ///   - work: nanoseconds per worker, ≥ 0.
    ///   - elapsed: nanoseconds, ≥ 0.
    public init(work: [Int], elapsed: Int) {
      self.work = work
      self.elapsed = elapsed
    }
  }

  private let base: any BatchScheduler
  private let period: Int
  private let clock: NanosecondClock
  private var ledgers: [Ledger] = []

  /// - Parameters:
  ///   - base: what runs the phases.
  ///   - period: how many runs of a phase there are for each one that is measured. The first run is
  ///     never measured: a trainer records its programs in it. With a period of 32 the clock costs
  ///     a thirty-second of what its calls take.
  ///   - clock: tests bring their own.
  /// - Precondition: `period` is positive.
  public init(_ base: any BatchScheduler, period: Int = 1, clock: NanosecondClock = .monotonic) {
    require(period > 0, "a period of \(period) runs")
    self.base = base
    self.period = period
    self.clock = clock
  }

  /// The base's.
  public var workerCount: Int { base.workerCount }
  /// The base's.
  public var activeWorkers: Int { base.activeWorkers }

  /// Runs `phase` on the base, and measures every `period`-th run of a phase of its name.
  ///
  /// - Throws: what the base throws; the time until then counts.
  public func run(_ phase: any Phase) throws {
    let ledger = ledger(phase.name)
    ledger.runs += 1
    guard ledger.runs > 1, (ledger.runs - 2) % period == 0 else { return try base.run(phase) }
    let start = clock.now()
    ledger.phase = phase
    defer {
      ledger.phase = nil
      ledger.elapsed += clock.now() - start
    }
    try base.run(ledger)
  }

  /// What was measured of the phase `name` since the last call; nil where nothing was.
  public func take(_ name: String) -> Reading? {
    let ledger = ledger(name)
    return ledger.elapsed > 0 ? ledger.take() : nil
  }

  /// The ledger of a phase, made the first time. O(phases), which are two or three.
  private func ledger(_ name: String) -> Ledger {
    for ledger in ledgers where ledger.name == name { return ledger }
    let ledger = Ledger(name, workers: workerCount, clock: clock)
    ledgers.append(ledger)
    return ledger
  }
}

/// One phase's times, and the phase itself with a clock around each item.
///
/// `@unchecked Sendable`: `phase` changes while no worker runs, and worker `w` alone adds to its
/// own number.
private final class Ledger: Phase, @unchecked Sendable {
  /// Each worker's number lies on a cache line of its own.
  private static let stride = 128 / MemoryLayout<Int>.stride

  let name: String
  var runs = 0
  var elapsed = 0
  var phase: (any Phase)?
  private let clock: NanosecondClock
  private let workers: Int
  private let nanoseconds: UnsafeMutablePointer<Int>

  init(_ name: String, workers: Int, clock: NanosecondClock) {
    self.name = name
    self.workers = workers
    self.clock = clock
    nanoseconds = .allocate(capacity: workers * Self.stride)
    nanoseconds.initialize(repeating: 0, count: workers * Self.stride)
  }

  deinit { nanoseconds.deallocate() }

  var itemCount: Int { phase?.itemCount ?? 0 }

  func run(item: Int, worker: Int) throws {
    guard let phase else { return }
    let start = clock.now()
    defer { nanoseconds[worker * Self.stride] += clock.now() - start }
    try phase.run(item: item, worker: worker)
  }

  func take() -> Stopwatch.Reading {
    defer {
      nanoseconds.update(repeating: 0, count: workers * Self.stride)
      elapsed = 0
    }
    return Stopwatch.Reading(
      work: (0..<workers).map { nanoseconds[$0 * Self.stride] }, elapsed: elapsed)
  }
}
