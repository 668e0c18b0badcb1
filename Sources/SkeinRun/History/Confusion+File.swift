import SkeinRecord
import SkeinSafetensors

extension Confusion {
  private static let name = "confusion"

  /// Adds the counts to an epoch's file: three numbers per class, and three per pair.
  ///
  /// - Parameters:
  ///   - metadata: the file's metadata.
  ///   - add: adds a tensor to the file.
  func add(
    to metadata: inout [String: String],
    _ add: (_ name: String, _ shape: [Int], _ values: Safetensors.Values) -> Void
  ) {
    let reports = classes.flatMap { [Int64($0.support), Int64($0.predicted), Int64($0.correct)] }
    add(Self.name, [classes.count, 3], .int64(reports))
    let numbers = pairs.flatMap { [Int64($0.label), Int64($0.predicted), Int64($0.count)] }
    add(Self.name + ".pairs", [pairs.count, 3], .int64(numbers))
    metadata[Self.name + ".kinds"] = String(kinds)
  }

  /// Reads what `add` added. Files of the first edition hold the whole matrix instead.
  ///
  /// - Parameter count: how many classes there are.
  /// - Throws: `FormatError` for counts that no evaluation gives.
  init(_ stored: RecordReader, classes count: Int) throws {
    let numbers = try stored.integers(Self.name)
    let fault = stored.fault(Self.name, expected: "counts of \(count) classes")
    guard !numbers.isEmpty else {
      self.init()
      return
    }
    if stored.isOfFirstEdition {
      guard stored.shape(Self.name) == [count, count] else { throw fault }
      self.init(
        matrix: (0..<count).map { Array(numbers[($0 * count)..<(($0 + 1) * count)]) })
      return
    }
    guard stored.shape(Self.name) == [count, 3] else { throw fault }
    self.init()
    classes = (0..<count).map {
      Class(
        support: numbers[3 * $0], predicted: numbers[3 * $0 + 1], correct: numbers[3 * $0 + 2])
    }
    let triples = try stored.integers(Self.name + ".pairs")
    guard triples.count % 3 == 0, triples.count <= 3 * Self.limit else { throw fault }
    pairs = stride(from: 0, to: triples.count, by: 3).map {
      Pair(label: triples[$0], predicted: triples[$0 + 1], count: triples[$0 + 2])
    }
    kinds = try stored.count(Self.name + ".kinds")
    guard isSound else { throw fault }
  }

  /// Whether an evaluation can give these counts.
  private var isSound: Bool {
    let samples = classes.reduce(0) { $0 + $1.support }
    let places = pairs.map { ($0.label, $0.predicted) }
    return classes.allSatisfy { $0.correct <= min($0.support, $0.predicted) }
      && classes.reduce(0) { $0 + $1.predicted } == samples && kinds >= pairs.count
      && pairs.allSatisfy {
        classes.indices.contains($0.label) && classes.indices.contains($0.predicted)
          && $0.label != $0.predicted && $0.count > 0 && $0.count <= classes[$0.label].support
      }
      && zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
  }
}
