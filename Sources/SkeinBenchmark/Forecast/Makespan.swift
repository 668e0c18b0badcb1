import SkeinWorkers

/// When a phase ends, told from how long each of its items takes.
enum Makespan {
  /// The time until the last of `workers` workers has done its last item.
  ///
  /// They take items as the pool hands them out: each its own ones in their order, and then those
  /// that the next worker around the circle has left. Whoever is free first takes first; of several
  /// the one with the lowest number. O(items · workers²).
  ///
  /// - Parameters:
  ///   - items: what each item takes, ≥ 0, in any unit.
  ///   - workers: > 0.
  static func of(_ items: [Double], workers: Int) -> Double {
    let workers = min(workers, max(items.count, 1))
    var left = (0..<workers).map { OwnItems.range(of: $0, items: items.count, workers: workers) }
    var ends = [Double](repeating: 0, count: workers)
    for _ in items {
      guard let free = ends.indices.min(by: { ends[$0] < ends[$1] }) else { return 0 }
      let owner = (0..<workers).map { (free + $0) % workers }.first { !left[$0].isEmpty }
      guard let owner, let item = left[owner].popFirst() else { return 0 }
      ends[free] += items[item]
    }
    return ends.max() ?? 0
  }
}
