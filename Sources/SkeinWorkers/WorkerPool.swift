import Synchronization

/// Dispatch threads that live as long as the pool and work off one phase after the other.
///
/// The caller of `run` is worker 0. Each further worker is a block on a serial queue of its own,
/// which gets a thread of its own however many cores there are; `concurrentPerform` would run no
/// more blocks at once than there are cores, and then a barrier waits for ever.
final class WorkerPool: Sendable {
  private let crew: Crew

  /// - Precondition: `workers` is positive.
  /// - Throws: `WorkerStartError` where the system has no thread for one of them.
  init(workers: Int) throws {
    // 4,000 looks take about 1 µs. 25 times as many made two threads 1 to 3 % faster at most.
    crew = Crew(helpers: workers - 1, spins: workers <= Machine.availableCores ? 4_000 : 0)
    // The threads keep the crew alive and not the pool, whose deinit ends them.
    let crew = self.crew
    do {
      try WorkerStart.start(blocks: workers - 1) { crew.help(as: $0) }
    } catch {
      // Whoever has started, or starts later, finds that there is nothing to do.
      crew.dismiss()
      throw error
    }
  }

  deinit { crew.dismiss() }

  /// Runs items `0..<items` of `phase` on the first `workers` workers.
  ///
  /// - Throws: what the failed item with the lowest number threw.
  func run(_ phase: any Phase, items: Int, workers: Int) throws {
    try crew.run(phase, items: items, helpers: workers - 1)
  }
}

/// What the pool's threads share.
///
/// `@unchecked Sendable`: `phase` is written by the leader only while no helper runs, and read by
/// helpers only between seeing their ticket rise and counting themselves out of `running`; both are
/// atomic operations that order the accesses, and those to the queue.
private final class Crew: @unchecked Sendable {
  private let tickets: [Ticket]
  private let running = Atomic<Int>(0)
  private let queue: ItemQueue
  private let leader = Sleeper()
  private let spins: Int
  private let failures: [Failure]
  private var phase: (any Phase)?

  /// How often one helper has been called, and how it waits for the next call.
  private final class Ticket: Sendable {
    let calls = Atomic<Int>(0)
    let sleeper = Sleeper()
  }

  /// What one worker's lowest failed item threw. `@unchecked Sendable`: the worker's alone while it
  /// runs, and the leader's between phases.
  private final class Failure: @unchecked Sendable {
    var lowest: (item: Int, error: any Error)?
  }

  init(helpers: Int, spins: Int) {
    tickets = (0..<helpers).map { _ in Ticket() }
    queue = ItemQueue(workers: helpers + 1)
    failures = (0...helpers).map { _ in Failure() }
    self.spins = spins
  }

  /// The leader's part of one phase.
  func run(_ phase: any Phase, items: Int, helpers: Int) throws {
    self.phase = phase
    queue.begin(items: items, workers: helpers + 1)
    running.store(helpers, ordering: .relaxed)
    for ticket in tickets[..<helpers] {
      ticket.calls.add(1, ordering: .sequentiallyConsistent)
      ticket.sleeper.wake()
    }
    work(phase, as: 0)
    leader.wait(spins: spins) { running.load(ordering: .sequentiallyConsistent) == 0 }
    self.phase = nil
    guard queue.hasFailed else { return }
    var failed: (item: Int, error: any Error)?
    for failure in failures[...helpers] {
      guard let lowest = failure.lowest else { continue }
      failure.lowest = nil
      if failed.map({ lowest.item < $0.item }) ?? true { failed = lowest }
    }
    if let failed { throw failed.error }
  }

  /// A helper's life: wait for a call, work, report, until a call comes without a phase.
  package func help(as helper: Int) {
    let ticket = tickets[helper]
    var seen = 0
    while true {
      ticket.sleeper.wait(spins: spins) {
        ticket.calls.load(ordering: .sequentiallyConsistent) != seen
      }
      seen += 1
      guard let phase else { return }
      work(phase, as: helper + 1)
      if running.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { leader.wake() }
    }
  }

  /// Calls every helper without a phase, which ends it.
  func dismiss() {
    for ticket in tickets {
      ticket.calls.add(1, ordering: .sequentiallyConsistent)
      ticket.sleeper.wake()
    }
  }

  private func work(_ phase: any Phase, as worker: Int) {
    while let item = queue.take(worker) {
      do {
        try phase.run(item: item, worker: worker)
      } catch {
        queue.fail(item)
        if failures[worker].lowest.map({ item < $0.item }) ?? true {
          failures[worker].lowest = (item, error)
        }
      }
    }
  }
}
