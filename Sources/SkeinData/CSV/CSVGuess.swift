/// Guesses how a table is written from the first records of its file.
struct CSVGuess {
  /// The most records that are looked at.
  private static let records = 200
  private static let delimiters = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }
  private static let comma = UInt8(ascii: ",")
  private static let point = UInt8(ascii: ".")

  private let front: [UInt8]
  private let isAll: Bool

  /// - Parameters:
  ///   - front: the file's first bytes, without a byte order mark.
  ///   - isAll: whether they are all of them.
  init(_ front: UnsafeBufferPointer<UInt8>, isAll: Bool) {
    self.front = Array(front)
    self.isAll = isAll
  }

  /// The format, with what `wish` says.
  func format(_ wish: CSVFormat.Wish) -> CSVFormat {
    let delimiter = wish.delimiter ?? guessDelimiter()
    let decimal = wish.decimal ?? guessDecimal(delimiter)
    return CSVFormat(
      delimiter: delimiter, decimal: decimal,
      hasHeader: wish.hasHeader ?? !isHeaderless(delimiter, decimal))
  }

  /// The one that cuts all records into as many fields, above one; of several the one that gives
  /// the most. Where none does, the one that gives the first record most fields: the error about a
  /// ragged record then says more.
  private func guessDelimiter() -> UInt8 {
    var (best, fields) = (Self.comma, 1)
    var (loose, looseFields) = (Self.comma, 1)
    for delimiter in Self.delimiters {
      var counts: [Int] = []
      forEachRecord(delimiter) { counts.append($0.count) }
      guard let first = counts.first else { continue }
      if first > fields, counts.allSatisfy({ $0 == first }) { (best, fields) = (delimiter, first) }
      if first > looseFields { (loose, looseFields) = (delimiter, first) }
    }
    return fields > 1 ? best : loose
  }

  /// A comma where it is no delimiter, some fields are numbers only with it, and none only with a
  /// point.
  private func guessDecimal(_ delimiter: UInt8) -> UInt8 {
    guard delimiter != Self.comma else { return Self.point }
    let (points, commas) = (DecimalReader(decimal: Self.point), DecimalReader(decimal: Self.comma))
    var (withPoint, withComma) = (0, 0)
    forEachRecord(delimiter) { record in
      for index in 0..<record.count {
        let isPoint = points.read(record.raw(index)) != nil
        let isComma = commas.read(record.raw(index)) != nil
        if isPoint, !isComma { withPoint += 1 }
        if isComma, !isPoint { withComma += 1 }
      }
    }
    return withComma > 0 && withPoint == 0 ? Self.comma : Self.point
  }

  /// Whether the first record looks like a sample: half of its fields or more are numbers, and some
  /// of these have fractions or stand there twice. Names are texts, or whole numbers that differ,
  /// as years are.
  private func isHeaderless(_ delimiter: UInt8, _ decimal: UInt8) -> Bool {
    let numbers = DecimalReader(decimal: decimal)
    var (fields, found) = (0, [Double]())
    forEachRecord(delimiter, atMost: 1) { record in
      fields = record.count
      found = (0..<fields).compactMap { record.number($0, numbers) }
    }
    guard 2 * found.count >= fields, !found.isEmpty else { return false }
    let areNames = Set(found).count == found.count && found.allSatisfy { $0 == $0.rounded() }
    return !areNames
  }

  private func forEachRecord(
    _ delimiter: UInt8, atMost most: Int = records, _ body: (Record) -> Void
  ) {
    let reader = RecordReader(MemorySource(front, name: ""), delimiter: delimiter)
    var count = 0
    // Faults are found again, and told, when the file itself is read. The last record may be cut
    // off here.
    while count < most, let record = try? reader.next() {
      if !isAll, reader.isUsedUp { break }
      body(record)
      count += 1
    }
  }
}
