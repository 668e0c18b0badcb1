import SkeinRecord

/// What of the counts is shown.
extension Confusion {
  /// All classes, or the `limit` that take part in most mistakes, in order; of equals the first.
  func shown(_ limit: Int) -> [Int] {
    guard classes.count > limit else { return Array(classes.indices) }
    let mistakes = classes.map { $0.support + $0.predicted - 2 * $0.correct }
    return classes.indices.sorted {
      mistakes[$0] != mistakes[$1] ? mistakes[$0] > mistakes[$1] : $0 < $1
    }.prefix(limit).sorted()
  }

  /// The counts of `chosen` classes: a row per class, a column per answer. O(chosen² + pairs).
  func matrix(_ chosen: [Int]) -> [[Int]] {
    var counts = chosen.indices.map { row in
      var counts = [Int](repeating: 0, count: chosen.count)
      counts[row] = classes[chosen[row]].correct
      return counts
    }
    let places = Dictionary(uniqueKeysWithValues: zip(chosen, chosen.indices))
    for pair in pairs {
      guard let row = places[pair.label], let column = places[pair.predicted] else { continue }
      counts[row][column] = pair.count
    }
    return counts
  }

  /// The `limit` pairs that occur most often, the most frequent first; of equals the first.
  func mostFrequent(_ limit: Int) -> [Pair] {
    let order = pairs.indices.sorted {
      pairs[$0].count != pairs[$1].count ? pairs[$0].count > pairs[$1].count : $0 < $1
    }
    return order.prefix(limit).map { pairs[$0] }
  }
}
