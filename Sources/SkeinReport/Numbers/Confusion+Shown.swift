import SkeinRecord

/// Which part of the counts is shown.
extension Confusion {
  /// The classes to show, ascending: all of them, or the `limit` classes that take part in most
  /// mistakes. The first of equals are taken.
  func shown(_ limit: Int) -> [Int] {
    guard classes.count > limit else { return Array(classes.indices) }
    let mistakes = classes.map { $0.support + $0.predicted - 2 * $0.correct }
    return classes.indices.sorted {
      mistakes[$0] != mistakes[$1] ? mistakes[$0] > mistakes[$1] : $0 < $1
    }.prefix(limit).sorted()
  }

  /// The counts of the `chosen` classes, with a row per class and a column per predicted class.
  /// O(chosen² + pairs).
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

  /// The `limit` pairs that occur most often, the most frequent first. The first of equals are
  /// taken.
  func mostFrequent(_ limit: Int) -> [Pair] {
    let order = pairs.indices.sorted {
      pairs[$0].count != pairs[$1].count ? pairs[$0].count > pairs[$1].count : $0 < $1
    }
    return order.prefix(limit).map { pairs[$0] }
  }
}
