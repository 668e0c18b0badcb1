import Synchronization

/// Hands out a phase's items: to each worker first those of its own, then what others have left.
///
/// Worker w of n owns the w-th n-th of the items, in every step the same. What an item has written
/// last time is then in that worker's cache; handed out in turn, items wandered from core to core,
/// and with them every line of memory that they touch.
///
/// `@unchecked Sendable`: `begin` runs while no worker does; the counters are atomic.
final class ItemQueue: @unchecked Sendable {
  /// Counters lie so far apart that none shares a cache line, nor the line that is fetched with it.
  private static let stride = 128 / MemoryLayout<Atomic<Int>>.stride

  private let next: UnsafeMutablePointer<Atomic<Int>>
  private let capacity: Int
  private var workers = 1
  private var items = 0
  /// The lowest item that has failed.
  private let failed = Atomic<Int>(.max)

  /// - Precondition: `workers` is positive.
  init(workers: Int) {
    capacity = workers
    next = UnsafeMutableRawPointer.allocate(
      byteCount: workers * Self.stride * MemoryLayout<Atomic<Int>>.stride, alignment: 128
    ).bindMemory(to: Atomic<Int>.self, capacity: workers * Self.stride)
    for worker in 0..<workers { (next + worker * Self.stride).initialize(to: Atomic(0)) }
  }

  deinit {
    for worker in 0..<capacity { (next + worker * Self.stride).deinitialize(count: 1) }
    next.deallocate()
  }

  /// Puts in `items` items for the first `workers` workers.
  func begin(items: Int, workers: Int) {
    self.items = items
    self.workers = workers
    failed.store(.max, ordering: .relaxed)
    for worker in 0..<workers {
      next[worker * Self.stride].store(first(of: worker), ordering: .relaxed)
    }
  }

  /// The first item of `worker`'s own; of the worker behind the last one, the number of items.
  private func first(of worker: Int) -> Int { worker * items / workers }

  /// An item that nobody has taken; nil where there is none. O(1) as long as the worker has items
  /// of its own, O(workers) then.
  func take(_ worker: Int) -> Int? {
    var owner = worker
    repeat {
      let end = min(first(of: owner + 1), failed.load(ordering: .relaxed))
      // Looking first: adding to a counter takes its cache line away from its owner.
      if next[owner * Self.stride].load(ordering: .relaxed) < end {
        let item = next[owner * Self.stride].add(1, ordering: .relaxed).oldValue
        if item < end { return item }
      }
      owner = owner + 1 == workers ? 0 : owner + 1
    } while owner != worker
    return nil
  }

  /// Whether an item has failed since `begin`.
  var hasFailed: Bool { failed.load(ordering: .relaxed) < .max }

  /// Says that `item` has failed: no item above it is given any more. Those below it are, so that
  /// the lowest one that fails is always found.
  func fail(_ item: Int) {
    var lowest = failed.load(ordering: .relaxed)
    while item < lowest {
      let result = failed.compareExchange(
        expected: lowest, desired: item, ordering: .relaxed)
      if result.exchanged { return }
      lowest = result.original
    }
  }
}
