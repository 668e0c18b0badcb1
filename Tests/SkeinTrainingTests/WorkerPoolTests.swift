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

  @Test(arguments: [1, 2, 3, 8, 64])
  func everyItemRunsOnce(threads: Int) throws {
    let scheduler = try DispatchScheduler(exactly: threads)
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

  @Test(arguments: [1, 2, 5])
  func aFailureSurfacesAndThePoolGoesOn(threads: Int) throws {
    let scheduler = try DispatchScheduler(exactly: threads)
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
}
