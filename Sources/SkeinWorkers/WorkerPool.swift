import Synchronization

/// Dispatch threads that live as long as the pool and work off one phase after the other.
///
/// The caller of `run` is worker 0, the leader. Each further worker is a helper: a block on a
/// serial queue of its own, which gets a thread of its own however many cores there are;
/// `concurrentPerform` would run no more blocks at once than there are cores, and then a barrier
/// waits for ever.
final class WorkerPool: Sendable {
  private let shared: Shared

  /// - Precondition: `workers` is positive.
  /// - Throws: `WorkerStartError` where the system has no thread for one of them.
  init(workers: Int) throws {
    // 4,000 looks take about 1 µs. 25 times as many made two threads 1 to 3 % faster at most.
    shared = Shared(helpers: workers - 1, spins: workers <= Machine.availableCores ? 4_000 : 0)
    // The threads keep alive what they share and not the pool, whose deinit ends them.
    let shared = self.shared
    do {
      try WorkerStart.start(blocks: workers - 1) { shared.work(asHelper: $0) }
    } catch {
      // Helpers that have started, or start later, find that there is nothing to do.
      shared.end()
      throw error
    }
  }

  deinit { shared.end() }

  /// Runs items `0..<items` of `phase` on the first `workers` workers.
  ///
  /// - Throws: what the failed item with the lowest number threw.
  func run(_ phase: any Phase, items: Int, workers: Int) throws {
    try shared.run(phase, items: items, helpers: workers - 1)
  }
}

extension WorkerPool {
  /// What the pool's threads share.
  ///
  /// `@unchecked Sendable`: `phase` is written by the leader only while no helper runs, and read by
  /// helpers only between seeing that they are called and counting themselves out of `running`;
  /// both are atomic operations that order the accesses, and those to the queue.
  private final class Shared: @unchecked Sendable {
    private let helpers: [Helper]
    private let running = Atomic<Int>(0)
    private let queue: ItemQueue
    private let leader = Parker()
    private let spins: Int
    private let failures: [Failure]
    private var phase: (any Phase)?

    init(helpers: Int, spins: Int) {
      self.helpers = (0..<helpers).map { _ in Helper() }
      queue = ItemQueue(workers: helpers + 1)
      failures = (0...helpers).map { _ in Failure() }
      self.spins = spins
    }

    /// The leader's part of one phase.
    func run(_ phase: any Phase, items: Int, helpers count: Int) throws {
      self.phase = phase
      queue.begin(items: items, workers: count + 1)
      running.store(count, ordering: .relaxed)
      for helper in helpers[..<count] { helper.call() }
      work(phase, as: 0)
      leader.park(spins: spins) { running.load(ordering: .sequentiallyConsistent) == 0 }
      self.phase = nil
      guard queue.hasFailed else { return }
      var failed: (item: Int, error: any Error)?
      for failure in failures[...count] {
        guard let lowest = failure.lowest else { continue }
        failure.lowest = nil
        if failed.map({ lowest.item < $0.item }) ?? true { failed = lowest }
      }
      if let failed { throw failed.error }
    }

    /// A helper's life: wait for a call, work, report, until a call comes without a phase.
    func work(asHelper index: Int) {
      let helper = helpers[index]
      var seen = 0
      while true {
        helper.waitForCall(after: seen, spins: spins)
        seen += 1
        guard let phase else { return }
        work(phase, as: index + 1)
        if running.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 {
          leader.unpark()
        }
      }
    }

    /// Ends the helpers: calls every one of them without a phase.
    func end() {
      for helper in helpers { helper.call() }
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

  /// How often one helper has been called, and how it waits for the next call.
  private final class Helper: Sendable {
    private let calls = Atomic<Int>(0)
    private let parker = Parker()

    @inline(__always)
    func call() {
      calls.add(1, ordering: .sequentiallyConsistent)
      parker.unpark()
    }

    /// Returns once there have been more than `seen` calls.
    @inline(__always)
    func waitForCall(after seen: Int, spins: Int) {
      parker.park(spins: spins) { calls.load(ordering: .sequentiallyConsistent) != seen }
    }
  }

  /// What one worker's lowest failed item threw.
  ///
  /// `@unchecked Sendable`: the worker's alone while it runs, and the leader's between phases.
  private final class Failure: @unchecked Sendable {
    var lowest: (item: Int, error: any Error)?
  }
}
