import Dispatch
import Synchronization
import Testing

@testable import SkeinWorkers

@Suite struct ItemQueueTests {
  /// What `worker` gets when it asks until there is nothing left.
  private func all(_ queue: ItemQueue, _ worker: Int) -> [Int] {
    var items: [Int] = []
    while let item = queue.take(worker) { items.append(item) }
    return items
  }

  @Test func aWorkersOwnItemsComeFirstAndThenTheOthers() {
    let queue = ItemQueue(domains: [0, 0, 0])
    queue.begin(items: 8, workers: 3)
    // 8 items in three: 0 and 1, 2 to 4, 5 to 7.
    #expect(queue.take(1) == 2)
    #expect(queue.take(0) == 0)
    #expect(all(queue, 2) == [5, 6, 7, 1, 3, 4])
    #expect(queue.take(0) == nil && queue.take(1) == nil)
    // The same queue again, with fewer workers than it has room for.
    queue.begin(items: 3, workers: 2)
    #expect(all(queue, 1) == [1, 2, 0])
    queue.begin(items: 0, workers: 2)
    #expect(queue.take(0) == nil)
  }

  /// Two cache domains of two workers each: the neighbour's items come before those of the others.
  @Test func itemsOfTheSameDomainComeFirst() {
    let queue = ItemQueue(domains: [0, 1, 0, 1])
    queue.begin(items: 8, workers: 4)
    #expect(all(queue, 1) == [2, 3, 6, 7, 4, 5, 0, 1])
    // Of the workers that take part, none is in the domain.
    queue.begin(items: 6, workers: 2)
    #expect(all(queue, 0) == Array(0..<6))
  }

  @Test func withoutStealingEachDoesItsOwn() {
    let queue = ItemQueue(domains: [0, 0, 0], steals: false)
    queue.begin(items: 7, workers: 3)
    #expect(all(queue, 2) == [4, 5, 6] && all(queue, 0) == [0, 1] && all(queue, 1) == [2, 3])
  }

  /// Each item once, whatever the numbers of items and workers.
  @Test(arguments: 1...9, 1...3)
  func everyItemIsGivenOnce(workers: Int, domains: Int) {
    for items in 0...23 {
      let queue = ItemQueue(domains: (0..<workers).map { $0 % domains })
      queue.begin(items: items, workers: workers)
      let counts = (0..<items).map { _ in Counter() }
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while let item = queue.take(worker) {
          counts[item].value.add(1, ordering: .relaxed)
        }
      }
      #expect(
        counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 }, "\(workers), \(items)")
    }
  }

  private final class Counter: Sendable { let value = Atomic<Int>(0) }

  /// Behind a failed item nothing is given, in front of it everything.
  @Test func afterAFailureOnlyLowerItemsAreGiven() {
    let queue = ItemQueue(domains: [0, 0])
    queue.begin(items: 10, workers: 2)
    #expect(queue.take(1) == 5)
    #expect(queue.take(1) == 6)
    queue.fail(6)
    #expect(all(queue, 1) == [0, 1, 2, 3, 4])
    queue.begin(items: 10, workers: 2)
    #expect(queue.take(0) == 0 && queue.take(0) == 1)
    queue.fail(1)
    queue.fail(7)
    #expect(queue.take(1) == nil && queue.take(0) == nil)
    queue.begin(items: 2, workers: 2)
    #expect(all(queue, 0) == [0, 1])
  }

  /// Of several items that fail, the lowest is the one that is reported, by any number of workers.
  @Test(.timeLimit(.minutes(5)), arguments: [1, 2, 3, 8])
  func theLowestFailureIsReported(workers: Int) throws {
    final class Failing: Phase {
      struct Failure: Error, Equatable { let item: Int }
      let itemCount = 40
      func run(item: Int, worker: Int) throws {
        if item % 7 == 3 { throw Failure(item: item) }
      }
    }
    for steals in [false, true] {
      let scheduler = try DispatchScheduler(exactly: workers, steals: steals)
      for _ in 0..<200 {
        let error = #expect(throws: Failing.Failure.self) { try scheduler.run(Failing()) }
        #expect(error == Failing.Failure(item: 3))
      }
    }
  }
}
