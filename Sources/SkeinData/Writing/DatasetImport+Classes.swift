extension DatasetImport {
  /// Most classes that are named "0", "1", … without being asked for.
  private static let mostNumberedClasses = 1 << 16

  /// The names "0", "1", … up to the largest label of all `pairs`.
  ///
  /// - Throws: `DataError` where there would be too many.
  static func numberedClasses(_ pairs: [ArrayPair]) throws -> [String] {
    var count = 1
    for pair in pairs {
      guard pair.classCount <= mostNumberedClasses else {
        throw DataError(
          pair.name, expected: "labels below \(mostNumberedClasses)",
          found: "\(pair.largestLabel)",
          advice: "name the classes, or number them from 0; where these are values: --regression")
      }
      count = max(count, pair.classCount)
    }
    return (0..<count).map(String.init)
  }

  /// Tells of classes without samples in the splits that are written, above all where labels seem
  /// to run from 1 on.
  ///
  /// - Throws: `DataError` where labels from 1 on do not fit the classes, and would from 0 on.
  static func checkClasses(
    of pairs: [ArrayPair], _ manifest: Manifest, _ reading: ArrayReading
  ) throws {
    let classes = manifest.classes
    for pair in pairs where pair.smallestLabel >= 1 && pair.largestLabel == classes.count {
      throw DataError(
        pair.name, at: "labels", expected: "labels from 0 to \(classes.count - 1)",
        found: "labels from \(pair.smallestLabel) to \(pair.largestLabel)",
        advice: "where the first class has the label 1, say so: --first-label 1")
    }
    var counts = [Int](repeating: 0, count: classes.count)
    for pair in pairs {
      for (label, count) in pair.samplesPerClass(classes.count).enumerated() {
        counts[label] += count
      }
    }
    let empty = counts.indices.filter { counts[$0] == 0 }
    guard let first = empty.first, let pair = pairs.first else { return }
    let smallest = pairs.map(\.smallestLabel).min() ?? 0
    if smallest > 0, reading.firstLabel == 0, empty.count == Int(smallest) {
      reading.note(
        "\(pair.name): labels run from \(smallest) on, so \(named(empty, classes)) no samples; "
          + "--first-label \(smallest) makes label \(smallest) the first class")
    } else {
      let some = empty.count == 1 ? named([first], classes) : "\(empty.count) classes have"
      let names = empty.prefix(10).map { classes[$0] }.joined(separator: ", ")
      reading.note(
        "\(pair.name): \(some) no samples"
          + (empty.count == 1 ? "" : ": \(names)\(empty.count > 10 ? ", …" : "")"))
    }
  }

  /// `class "0" has`, `2 classes have`.
  private static func named(_ labels: [Int], _ classes: [String]) -> String {
    labels.count == 1 ? "class \"\(classes[labels[0]])\" has" : "\(labels.count) classes have"
  }
}
