import Synchronization

/// Hands out a phase's items: to each worker first those of its own, then what others have left.
///
/// Worker w of n owns the w-th n-th of the items, in every step the same. What an item has written
/// last time is then in that worker's cache; handed out in turn, items wandered from core to core,
/// and with them every line of memory that they touch. For the same reason a worker looks for items
/// left by others in its own cache domain before it looks in the next one.
///
/// `@unchecked Sendable`: `begin` runs while no worker does; the counters are atomic.
final class ItemQueue: @unchecked Sendable {
  private let next: SpacedAtomics
  private let domains: [Int]
  /// Whether there is more than one domain.
  private let isSplit: Bool
  private let steals: Bool
  private var workers = 1
  private var items = 0
  /// The lowest item that has failed.
  private let failed = Atomic<Int>(.max)

  /// - Parameters:
  ///   - domains: the cache domain of each worker; one worker at least.
  ///   - steals: whether a worker without items of its own takes those of others.
  init(domains: [Int], steals: Bool = true) {
    self.domains = domains
    self.steals = steals
    isSplit = domains.contains { $0 != domains[0] }
    next = SpacedAtomics(count: domains.count)
  }

  /// Puts in `items` items for the first `workers` workers.
  func begin(items: Int, workers: Int) {
    self.items = items
    self.workers = workers
    failed.store(.max, ordering: .relaxed)
    for worker in 0..<workers {
      next[worker].pointee.store(first(of: worker), ordering: .relaxed)
    }
  }

  /// The first item of `worker`'s own; of the worker behind the last one, the number of items.
  private func first(of worker: Int) -> Int {
    OwnItems.first(of: worker, items: items, workers: workers)
  }

  /// An item that nobody has taken; nil where there is none. O(1) as long as the worker has items
  /// of its own, O(workers) then.
  func take(_ worker: Int) -> Int? {
    if let item = take(from: worker) { return item }
    guard steals else { return nil }
    guard isSplit else { return take(for: worker) { _ in true } }
    let domain = domains[worker]
    return take(for: worker) { domains[$0] == domain }
      ?? take(for: worker) { domains[$0] != domain }
  }

  /// An item of the next owner behind `worker`, around the circle, that has one left.
  @inline(__always)
  private func take(for worker: Int, where isNear: (Int) -> Bool) -> Int? {
    var owner = worker + 1 == workers ? 0 : worker + 1
    while owner != worker {
      if isNear(owner), let item = take(from: owner) { return item }
      owner = owner + 1 == workers ? 0 : owner + 1
    }
    return nil
  }

  @inline(__always)
  private func take(from owner: Int) -> Int? {
    let end = min(first(of: owner + 1), failed.load(ordering: .relaxed))
    // Looking first: adding to a counter takes its cache line away from its owner.
    guard next[owner].pointee.load(ordering: .relaxed) < end else { return nil }
    let item = next[owner].pointee.add(1, ordering: .relaxed).oldValue
    return item < end ? item : nil
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

/// Which items of a phase are whose.
package enum OwnItems {
  /// The first item of `worker`'s own; of the worker behind the last one, the number of items.
  @inline(__always)
  static func first(of worker: Int, items: Int, workers: Int) -> Int { worker * items / workers }

  /// The items that `worker` of `workers` does first, and alone where nobody is late.
  package static func range(of worker: Int, items: Int, workers: Int) -> Range<Int> {
    let end = first(of: worker + 1, items: items, workers: workers)
    return first(of: worker, items: items, workers: workers)..<end
  }
}
