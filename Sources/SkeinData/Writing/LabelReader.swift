import SkeinFiles

/// Reads the labels of samples from an array: a list, one-hot rows, or one column of several.
struct LabelReader {
  /// Class numbers, counted from 0.
  private(set) var labels: [Int32] = []
  /// How many classes the array itself speaks of; nil where only its labels tell.
  private(set) var classCount: Int?
  private let name: String
  private let reading: ArrayReading

  /// Reads all labels, in pieces, so that memory grows with what the file really holds.
  ///
  /// - Parameters:
  ///   - count: how many samples there are, whose file `samples` names.
  /// - Throws: `DataError` where these are no labels, or not as many.
  init(_ array: ArrayReader, count: Int, samples: String, _ reading: ArrayReading) throws {
    name = array.path
    self.reading = reading
    let shape = array.shape
    let total = ArrayShape.product(shape) ?? 0
    // [N], and also [N, 1] or [1, N]; else [N, K].
    let isList = ArrayShape.squeezed(shape).count <= 1 && total == count
    let isTable = shape.first == count && ArrayShape.squeezed(shape.dropFirst()).count <= 1
    guard isList || isTable else {
      let isFlat = ArrayShape.squeezed(shape.dropFirst()).count <= 1
      throw DataError(
        name, at: "header", expected: "\(counted(count, "label")), one per sample of \(samples)",
        found: isFlat ? "\(shape.first ?? 1)" : "\(ArrayShape.text(shape)) \(array.type)")
    }
    let columns = isList ? 1 : total / max(1, count)
    if let column = reading.labelColumn {
      try readColumn(column, of: columns, array)
    } else if columns == 1 {
      try readColumn(0, of: 1, array)
    } else {
      try readOneHot(columns, array)
    }
  }

  private mutating func readColumn(_ column: Int, of columns: Int, _ array: ArrayReader) throws {
    guard (0..<columns).contains(column) else {
      throw DataError(
        name, at: "header", expected: "a column \(column), for --label-column \(column)",
        found: "\(counted(columns, "column")), numbered from 0")
    }
    try array.forEachPiece { start, piece in
      try Numbers.forEach(piece, array.type) { index, value in
        if columns > 1, (start + index) % columns != column { return }
        labels.append(try label(value))
      }
    }
  }

  /// The class that the label `value` of the next sample means.
  private func label(_ value: Double) throws -> Int32 {
    guard value == value.rounded(), value.isFinite else {
      throw DataError(
        name, at: "label of " + numbered([labels.count], "sample"),
        expected: "a whole number, which names a class",
        found: "\(value)",
        advice: "Skein trains classes; number them from 0 on, as labels.astype(numpy.int32)")
    }
    let first = reading.firstLabel
    guard let number = Int32(exactly: value - Double(first)) else {
      throw DataError(
        name, at: "label of " + numbered([labels.count], "sample"),
        expected: "a number that int32 holds", found: "\(value)")
    }
    guard number >= 0 || first == 0 else {
      throw DataError(
        name, at: "label of " + numbered([labels.count], "sample"),
        expected: "\(first) or more, for --first-label \(first)", found: "\(Int(value))")
    }
    return number
  }

  /// Labels of which each row has a single 1 at its class, and 0 elsewhere.
  private mutating func readOneHot(_ columns: Int, _ array: ArrayReader) throws {
    guard reading.firstLabel == 0 else {
      throw DataError(
        name, at: "header", expected: "labels that are numbers, for --first-label",
        found: "\(columns) columns", advice: "leave --first-label out for one-hot labels")
    }
    var ones = 0
    var place: Int32 = 0
    try array.forEachPiece { start, piece in
      try Numbers.forEach(piece, array.type) { index, value in
        let column = (start + index) % columns
        if value == 1 { (ones, place) = (ones + 1, Int32(clamping: column)) }
        let isLast = column == columns - 1
        guard value == 0 || value == 1, ones <= 1, !isLast || ones == 1 else {
          throw DataError(
            name, at: "label of " + numbered([labels.count], "sample"),
            expected: "one class per sample, or one-hot labels (a single 1 in each row, else 0)",
            found: "other numbers in \(columns) columns",
            advice: "say which column holds the class, from 0 on: --label-column 0")
        }
        if isLast {
          labels.append(place)
          ones = 0
        }
      }
    }
    classCount = columns
    reading.note("\(name): one-hot labels, read as \(counted(columns, "class", "classes"))")
  }
}

/// Elements of any type as numbers.
private enum Numbers {
  /// Calls `body` with the number and value of each element in `bytes`, which are in the machine's
  /// byte order; every value is exact. O(elements).
  static func forEach(
    _ bytes: UnsafeRawBufferPointer, _ type: ElementType, _ body: (Int, Double) throws -> Void
  ) rethrows {
    switch type {
    case .uint8: try each(bytes, UInt8.self, { Double($0) }, body)
    case .int8: try each(bytes, Int8.self, { Double($0) }, body)
    case .int16: try each(bytes, Int16.self, { Double($0) }, body)
    case .int32: try each(bytes, Int32.self, { Double($0) }, body)
    case .float32: try each(bytes, Float.self, { Double($0) }, body)
    case .float64: try each(bytes, Double.self, { $0 }, body)
    }
  }

  private static func each<Element: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ type: Element.Type, _ double: (Element) -> Double,
    _ body: (Int, Double) throws -> Void
  ) rethrows {
    let size = MemoryLayout<Element>.size
    for index in 0..<(bytes.count / size) {
      let element = bytes.loadUnaligned(fromByteOffset: index * size, as: Element.self)
      try body(index, double(element))
    }
  }
}
