/// Finds what somebody who mistyped meant.
public enum Spelling {
  /// The candidate nearest to `word` by edit distance, if it is near: one edit in short words, up
  /// to a third of the letters in longer ones. Case does not count.
  ///
  /// - Complexity: O(candidates · length²), for words up to 64 letters; longer ones mean nothing.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let best = candidates.map { (distance(word, $0), $0) }.min { $0.0 < $1.0 }
    guard let (distance, name) = best, distance <= max(1, name.count / 3) else { return nil }
    return name
  }

  /// Letters to insert, remove, replace or swap with their neighbour to turn `a` into `b`, in
  /// lower case.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.lowercased().unicodeScalars)
    let b = Array(b.lowercased().unicodeScalars)
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, beforePrevious[j - 1] + 1)
        }
        row.append(least)
      }
      beforePrevious = previous
      previous = row
    }
    return previous[b.count]
  }
}
