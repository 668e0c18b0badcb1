/// All elements of an array of targets, in their order, as numbers: as they are read from its file,
/// or out of memory where they had to be looked at first.
struct TargetNumbers {
  /// The file, for messages.
  let name: String
  private let array: ArrayReader
  private let kept: [Double]?

  /// The elements of `array`.
  ///
  /// - Parameter areKept: whether all are read into memory now, 8 bytes each, so that they can be
  ///   gone through more than once.
  /// - Throws: `DataError` for a damaged file.
  init(_ array: ArrayReader, areKept: Bool) throws {
    name = array.path
    self.array = array
    guard areKept else {
      kept = nil
      return
    }
    var numbers: [Double] = []
    try array.forEachPiece { _, piece in
      Numbers.forEach(piece, array.type) { _, value in numbers.append(value) }
    }
    kept = numbers
  }

  /// Calls `body` with the number of each element and its value, which is exact. O(elements).
  ///
  /// - Throws: what `body` throws, `DataError` for a damaged file.
  func forEach(_ body: (Int, Double) throws -> Void) throws {
    if let kept {
      for (index, value) in kept.enumerated() { try body(index, value) }
      return
    }
    try array.forEachPiece { start, piece in
      try Numbers.forEach(piece, array.type) { index, value in try body(start + index, value) }
    }
  }

  /// Whether labels can look like this, `columns` for each sample: whole numbers in one column, or
  /// one-hot rows. Only of numbers that are kept.
  func areLikeLabels(columns: Int) -> Bool {
    guard let kept else { return true }
    guard columns > 1 else { return kept.allSatisfy { $0 == $0.rounded() && $0.isFinite } }
    return stride(from: 0, to: kept.count, by: columns).allSatisfy { start in
      let row = kept[start..<min(start + columns, kept.count)]
      return row.allSatisfy { $0 == 0 || $0 == 1 } && row.count { $0 == 1 } == 1
    }
  }
}
