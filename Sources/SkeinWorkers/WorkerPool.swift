import Synchronization

/// Dispatch threads that live as long as the pool and work off one phase after the other.
///
/// The caller of `run` is worker 0, the leader. Each further worker is a block on a serial queue of
/// its own, which gets a thread of its own however many cores there are; `concurrentPerform` would
/// run no more blocks at once than there are cores, and then a barrier waits for ever.
///
/// Where workers lie in several cache domains, calls and barrier are a tree: the leader calls the
/// workers of its own domain and the first one of each other domain, who calls those of its own. So
/// a word in memory goes from one cache to another once per domain, and not once per worker.
final class WorkerPool: Sendable {
  private let shared: Shared

  /// - Parameters:
  ///   - domains: the cache domain of each worker, of the leader first.
  ///   - steals: whether workers do the items of others. Otherwise each worker does its own and is
  ///     waited for, however late it comes: what tests want, for whom it matters who does an item.
  ///   - bind: called on the thread of each worker but the leader, with its number, as it begins;
  ///     what it returns is called as it ends.
  /// - Throws: `WorkerStartError` where the system has no thread for one of them.
  init(
    domains: [Int], steals: Bool = true,
    bind: @escaping @Sendable (_ worker: Int) -> @Sendable () -> Void = { _ in {} }
  ) throws {
    let workers = domains.count
    shared = Shared(
      domains: domains, steals: steals, spins: workers <= Machine.availableCores ? Self.spins : 0)
    // The threads keep alive what they share and not the pool, whose deinit ends them.
    let shared = self.shared
    do {
      try WorkerStart.start(blocks: workers - 1) {
        let unbind = bind($0 + 1)
        shared.live(as: $0 + 1)
        unbind()
      }
    } catch {
      // Workers that have started, or start later, find that there is nothing to do.
      shared.end()
      throw error
    }
  }

  deinit { shared.end() }

  /// How often a worker looks before it blocks.
  private static let spins = 40_000

  /// Runs items `0..<items` of `phase` on the first `workers` workers.
  ///
  /// - Throws: what the failed item with the lowest number threw.
  func run(_ phase: any Phase, items: Int, workers: Int) throws {
    try shared.run(phase, items: items, workers: workers)
  }

  /// For each worker, whom it calls: the leader the first worker of each other domain, and then
  /// those of its own; the first worker of another domain the others there; and the others nobody.
  static func tree(domains: [Int]) -> [[Int]] {
    var first = [domains[0]: 0]
    var called = domains.map { _ in [Int]() }
    for (worker, domain) in domains.enumerated().dropFirst() where first[domain] == nil {
      first[domain] = worker
      called[0].append(worker)
    }
    for (worker, domain) in domains.enumerated() {
      if let caller = first[domain], caller != worker { called[caller].append(worker) }
    }
    return called
  }
}

extension WorkerPool {
  /// What the pool's threads share.
  ///
  /// `@unchecked Sendable`: the leader writes `phase` and `workers` only while nobody works, and a
  /// worker reads them only between answering a call and finishing; both are atomic operations that
  /// order the accesses, and those to the queue.
  private final class Shared: @unchecked Sendable {
    private let calls: Calls
    /// Whom each worker calls.
    private let called: [[Int]]
    /// Who calls each worker.
    private let callers: [Int]
    private let steals: Bool
    private let queue: ItemQueue
    private let failures: [Failure]
    private var phase: (any Phase)?
    private var workers = 0

    init(domains: [Int], steals: Bool, spins: Int) {
      calls = Calls(workers: domains.count, spins: spins)
      called = WorkerPool.tree(domains: domains)
      var callers = domains.map { _ in 0 }
      for (caller, workers) in called.enumerated() {
        for worker in workers { callers[worker] = caller }
      }
      self.callers = callers
      self.steals = steals
      queue = ItemQueue(domains: domains, steals: steals)
      failures = domains.map { _ in Failure() }
    }

    /// The leader's part of one phase.
    func run(_ phase: any Phase, items: Int, workers: Int) throws {
      (self.phase, self.workers) = (phase, workers)
      queue.begin(items: items, workers: workers)
      takePart(in: phase, as: 0)
      self.phase = nil
      guard queue.hasFailed else { return }
      var failed: (item: Int, error: any Error)?
      for failure in failures[..<workers] {
        guard let lowest = failure.lowest else { continue }
        failure.lowest = nil
        if failed.map({ lowest.item < $0.item }) ?? true { failed = lowest }
      }
      if let failed { throw failed.error }
    }

    /// The life of every other worker: answer a call, work, finish, until a call comes without a
    /// phase.
    func live(as worker: Int) {
      var seen = 0
      while true {
        guard calls.answer(worker, seen: &seen) else { continue }
        guard let phase else { return }
        takePart(in: phase, as: worker)
        calls.finish(worker, caller: callers[worker])
      }
    }

    /// Ends the workers: calls every one of them without a phase.
    func end() {
      for worker in callers.indices.dropFirst() { calls.call(worker) }
    }

    /// Calls those that `worker` calls, works as long as there are items, and waits for those who
    /// have answered.
    private func takePart(in phase: any Phase, as worker: Int) {
      let called = self.called[worker]
      for other in called where other < workers { calls.call(other) }
      work(phase, as: worker)
      // Every item is taken now, so whoever has not begun has nothing to do.
      if steals { for other in called where other < workers { calls.takeBack(other) } }
      for other in called where other < workers { calls.wait(for: other, caller: worker) }
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

  /// What one worker's lowest failed item threw.
  ///
  /// `@unchecked Sendable`: the worker's alone while it works, and the leader's between phases.
  private final class Failure: @unchecked Sendable {
    var lowest: (item: Int, error: any Error)?
  }
}
