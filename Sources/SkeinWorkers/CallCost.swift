/// How long it takes a leader to call its workers to a phase and to wait for all of them.
package enum CallCost {
  /// Nanoseconds from the first call to the last worker's end, for workers that are awake and have
  /// nothing to do: the least of some repetitions, since whatever disturbs makes it longer.
  ///
  /// Two threads suffice, however many workers: one leads, and the other answers for all workers,
  /// one after the other. Each of them would answer on a core of its own, at the same time. So this
  /// is more than n cores need, but for looking through other workers' items in vain, which happens
  /// while the leader waits.
  ///
  /// - Parameters:
  ///   - workers: from 1 to `DispatchScheduler.maximumThreads`; the leader is one of them.
  ///   - rounds: calls of all workers in one repetition, > 0.
  ///   - clock: tests bring their own.
  /// - Throws: `WorkerStartError`.
  package static func measure(
    workers: Int, rounds: Int = 2000, repeats: Int = 7, clock: NanosecondClock = .monotonic
  ) throws -> Double {
    guard workers > 1 else { return 0 }
    let calling = Calling(workers: workers, rounds: rounds, repeats: repeats, clock: clock)
    try DispatchScheduler(exactly: 2).run(calling)
    return Double(calling.times.min() ?? 0) / Double(rounds)
  }
}

/// A leader, and one thread in the place of all its workers.
///
/// `@unchecked Sendable`: item 0 alone writes `times`, and item 1 alone `seen`.
private final class Calling: Phase, @unchecked Sendable {
  let itemCount = 2
  private(set) var times: [Int] = []
  private var seen: [Int]
  private let calls: Calls
  private let queue: ItemQueue
  private let workers: Int
  private let rounds: Int
  private let repeats: Int
  private let clock: NanosecondClock

  init(workers: Int, rounds: Int, repeats: Int, clock: NanosecondClock) {
    (self.workers, self.rounds, self.repeats) = (workers, rounds, repeats)
    self.clock = clock
    seen = [Int](repeating: 0, count: workers)
    calls = Calls(workers: workers, spins: Machine.availableCores > 1 ? 40_000 : 0)
    queue = ItemQueue(domains: [Int](repeating: 0, count: workers), steals: false)
  }

  func run(item: Int, worker: Int) {
    for _ in 0..<repeats {
      let start = clock.now()
      for _ in 0..<rounds {
        if item == 0 { lead() } else { answer() }
      }
      if item == 0 { times.append(clock.now() - start) }
    }
  }

  private func lead() {
    queue.begin(items: workers, workers: workers)
    for worker in 1..<workers { calls.call(worker) }
    while queue.take(0) != nil {}
    for worker in 1..<workers { calls.wait(for: worker, caller: 0) }
  }

  private func answer() {
    for worker in 1..<workers {
      while !calls.answer(worker, seen: &seen[worker]) {}
      while queue.take(worker) != nil {}
      calls.finish(worker, caller: 0)
    }
  }
}
