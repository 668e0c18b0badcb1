/// Guesses which word was meant by a mistyped one.
public enum Spelling {
  /// The candidate with the least edit distance to `word`; nil where none is near.
  ///
  /// A near candidate differs by one edit, or by edits of at most a third of its letters. Upper and
  /// lower case are the same.
  ///
  /// - Complexity: O(candidates · length²). A word of more than 64 bytes is near none.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let best = candidates.map { (distance(word, $0), $0) }.min { $0.0 < $1.0 }
    guard let (distance, name) = best, distance <= max(1, name.count / 3) else { return nil }
    return name
  }

  /// The edit distance of `a` and `b` in lower case: how many letters one must insert, remove,
  /// replace or swap with their neighbour to turn one into the other. Also called optimal string
  /// alignment.
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
