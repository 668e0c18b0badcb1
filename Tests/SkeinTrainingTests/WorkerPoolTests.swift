import Foundation
import Synchronization
import Testing

@testable import SkeinWorkers

/// Every item once, whatever the workers and whatever fails.
@Suite(.timeLimit(.minutes(5))) struct WorkerPoolTests {
  /// Counts how often each item runs, and fails at the items it is told to.
  final class Counting: Phase {
    let counts: [Atomic64]
    let failing: Set<Int>
    let sawBadWorker = Atomic<Bool>(false)
    let workers: Int

    final class Atomic64: Sendable { let value = Atomic<Int>(0) }

    struct Failure: Error, Equatable { let item: Int }

    init(items: Int, workers: Int, failing: Set<Int> = []) {
      counts = (0..<items).map { _ in Atomic64() }
      self.failing = failing
      self.workers = workers
    }

    var itemCount: Int { counts.count }

    func run(item: Int, worker: Int) throws {
      counts[item].value.add(1, ordering: .relaxed)
      if !(0..<workers).contains(worker) { sawBadWorker.store(true, ordering: .relaxed) }
      if failing.contains(item) { throw Failure(item: item) }
    }
  }

  @Test(arguments: [1, 2, 3, 8, 64], [false, true])
  func everyItemRunsOnce(threads: Int, steals: Bool) throws {
    let scheduler = try DispatchScheduler(exactly: threads, steals: steals)
    for items in 0...17 {
      for repeats in 1...20 {
        let phase = Counting(items: items, workers: threads)
        try scheduler.run(phase)
        let counts = phase.counts.map { $0.value.load(ordering: .relaxed) }
        #expect(counts.allSatisfy { $0 == 1 }, "\(items) items, run \(repeats): \(counts)")
        let sawBadWorker = phase.sawBadWorker.load(ordering: .relaxed)
        #expect(!sawBadWorker)
      }
    }
  }

  @Test(arguments: [1, 2, 5], [false, true])
  func aFailureSurfacesAndThePoolGoesOn(threads: Int, steals: Bool) throws {
    let scheduler = try DispatchScheduler(exactly: threads, steals: steals)
    for bad in 0..<9 {
      let phase = Counting(items: 9, workers: threads, failing: [bad])
      #expect(throws: Counting.Failure(item: bad)) { try scheduler.run(phase) }
      let good = Counting(items: 9, workers: threads)
      try scheduler.run(good)
      let counts = good.counts.map { $0.value.load(ordering: .relaxed) }
      #expect(counts.allSatisfy { $0 == 1 })
    }
  }

  @Test func allItemsFail() throws {
    let scheduler = try DispatchScheduler(exactly: 4)
    let phase = Counting(items: 50, workers: 4, failing: Set(0..<50))
    #expect(throws: Counting.Failure.self) { try scheduler.run(phase) }
  }

  /// Forced domains: calls, barrier and stealing as on a machine with several caches.
  @Test(
    arguments: [[0, 0, 1, 1], [0, 1, 2, 3], [0, 0, 0, 1, 1, 2, 0, 1], [3, 1, 1]], [false, true])
  func domainsShareTheWork(domains: [Int], steals: Bool) throws {
    let pool = try WorkerPool(domains: domains, steals: steals)
    for round in 0..<300 {
      let workers = 1 + round % domains.count
      let phase = Counting(items: round % 23, workers: workers, failing: round % 5 == 4 ? [7] : [])
      do {
        try pool.run(phase, items: phase.itemCount, workers: workers)
      } catch let failure as Counting.Failure {
        #expect(failure.item == 7)
      }
      let counts = phase.counts.map { $0.value.load(ordering: .relaxed) }
      let isFailing = phase.failing.contains { $0 < phase.itemCount }
      // Behind a failed item an item may have been begun, or not.
      #expect(
        (isFailing ? counts.prefix(8) : counts[...]).allSatisfy { $0 == 1 }
          && counts.allSatisfy { $0 <= 1 }, "\(domains), \(workers) workers: \(counts)")
      let sawBadWorker = phase.sawBadWorker.load(ordering: .relaxed)
      #expect(!sawBadWorker)
    }
  }

  /// Notes who does an item; those of the first worker take a while.
  private final class Noting: Phase {
    let workers: [Atomic64]
    final class Atomic64: Sendable { let value = Atomic<Int>(-1) }
    init(items: Int) { workers = (0..<items).map { _ in Atomic64() } }
    var itemCount: Int { workers.count }
    func run(item: Int, worker: Int) {
      workers[item].value.store(worker, ordering: .relaxed)
      if worker == 0 { usleep(2000) }
    }
    var all: [Int] { workers.map { $0.value.load(ordering: .relaxed) } }
  }

  /// Without stealing every worker takes part in every phase, however short it is.
  @Test(arguments: [2, 3, 8, 64])
  func exactlySoManyTakePart(workers: Int) throws {
    let scheduler = try DispatchScheduler(exactly: workers)
    #expect(scheduler.workerCount == workers && scheduler.activeWorkers == workers)
    for _ in 0..<20 {
      let phase = Noting(items: 2 * workers)
      try scheduler.run(phase)
      #expect(phase.all == (0..<2 * workers).map { $0 / 2 })
    }
  }

  /// What was asked for is a maximum: workers that share a core wait for each other.
  @Test func neverMoreThanCores() throws {
    for threads in [1, 2, 3, 64, 240] {
      let scheduler = try DispatchScheduler(threads: threads)
      #expect(scheduler.workerCount == min(threads, Machine.availableCores))
    }
  }

  /// A worker that does not come is not waited for, and what it comes late for is not done again.
  @Test func aCallThatNobodyAnswersIsTakenBack() {
    let calls = Calls(workers: 2, spins: 0)
    var seen = 0
    calls.call(1)
    calls.takeBack(1)
    calls.wait(for: 1, caller: 0)
    #expect(!calls.answer(1, seen: &seen), "answered a call that was taken back")
    calls.call(1)
    #expect(calls.answer(1, seen: &seen))
    // Too late: it works.
    calls.takeBack(1)
    calls.finish(1, caller: 0)
    calls.wait(for: 1, caller: 0)
    for _ in 0..<3 {
      calls.call(1)
      calls.takeBack(1)
    }
    calls.call(1)
    #expect(calls.answer(1, seen: &seen), "a call among those that were taken back")
  }

  /// Callers and a worker at their fastest: each call is answered, or taken back, and never both.
  @Test func callsAreAnsweredOrTakenBack() {
    let (calls, rounds) = (Calls(workers: 2, spins: 3), 20_000)
    // Plain memory: what orders the accesses to it are the calls.
    final class Work: @unchecked Sendable { var value = 0, done = 0, isOver = false }
    let work = Work()
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var seen = 0
      while true {
        guard calls.answer(1, seen: &seen) else { continue }
        if work.isOver { break }
        work.done += work.value
        calls.finish(1, caller: 0)
      }
      ended.signal()
    }
    var expected = 0
    for round in 1...rounds {
      let before = work.done
      work.value = round
      calls.call(1)
      if round % 3 > 0 { calls.takeBack(1) }
      calls.wait(for: 1, caller: 0)
      #expect(work.done == before || work.done == before + round)
      if round % 3 == 0 { #expect(work.done == before + round) }
      expected += work.done - before
    }
    #expect(work.done == expected && expected > 0)
    work.isOver = true
    calls.call(1)
    let isOver = ended.wait(timeout: .now() + 60) == .success
    #expect(isOver, "asleep for ever")
  }
}
