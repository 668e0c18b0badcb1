import SkeinFiles

/// One record of a table: views on the reader's memory, which stay until its next record is read.
struct Record {
  /// Where a field lies.
  struct Field {
    /// Its first byte, counted from the record's first one. Quotes around it are no part of it.
    var start: UInt32
    /// The byte behind its last one.
    var end: UInt32
    /// Whether quotes stand around it.
    var isQuoted: Bool
    /// Whether it holds doubled quotes, each of which means one.
    var isEscaped: Bool
  }

  /// The record's first byte.
  let bytes: UnsafePointer<UInt8>
  /// Its fields, in order.
  let fields: UnsafeBufferPointer<Field>
  /// The line in which it begins, from 1 on.
  let line: Int
  /// The file, for errors.
  let name: String

  /// How many fields it has.
  var count: Int { fields.count }

  /// The bytes of a field as they stand in the file, between its quotes.
  @inline(__always)
  func raw(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let field = fields[index]
    return UnsafeBufferPointer(
      start: bytes + Int(field.start), count: Int(field.end) - Int(field.start))
  }

  /// The number that a field is; nil where it is none.
  @inline(__always)
  func number(_ index: Int, _ decimals: DecimalReader) -> Double? {
    let field = fields[index]
    // The reader's memory goes on behind every field. What is escaped is no number.
    return decimals.readPadded(
      bytes + Int(field.start), count: Int(field.end) - Int(field.start))
  }

  /// Calls `body` with the bytes that a field means.
  @inline(__always)
  func withContent<Result>(
    _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    guard fields[index].isEscaped else { return try body(raw(index)) }
    let raw = raw(index)
    return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: raw.count) { content in
      try body(UnsafeBufferPointer(rebasing: content[..<Self.unescape(raw, to: content)]))
    }
  }

  /// Copies `raw` with one quote for each doubled one.
  ///
  /// - Returns: how many bytes these are.
  private static func unescape(
    _ raw: UnsafeBufferPointer<UInt8>, to content: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var count = 0
    var isSecond = false
    for byte in raw {
      let isQuote = byte == CSVFormat.quote
      isSecond = isQuote && !isSecond
      guard !isQuote || isSecond else { continue }
      content[count] = byte
      count += 1
    }
    return count
  }

  /// What a field means, as text.
  ///
  /// - Throws: `DataError` where it is not UTF-8.
  func text(_ index: Int) throws -> String {
    let content = withContent(index) { Array($0) }
    guard let text = String(validating: content, as: UTF8.self) else {
      let odd = content.first { $0 >= 0x80 } ?? 0
      throw DataError(
        fault(
          index, expected: "text in UTF-8",
          found: "\"\(PathBytes.text(content))\", with the byte \([odd].hexadecimal)",
          advice: "convert the file, as with iconv -f latin1 -t utf8 FILE > NEW"))
    }
    return text
  }

  /// What a field means, for a message: cut, and whatever its bytes are.
  func shown(_ index: Int) -> String {
    withContent(index) { PathBytes.text($0.prefix(80)) + ($0.count > 80 ? "…" : "") }
  }

  /// A fault of the field `index`, with `FILE:LINE:COLUMN`; for one behind the last, of the
  /// record's end.
  func fault(
    _ index: Int, at place: String? = nil, expected: String, found: String, advice: String? = nil
  ) -> DataFault {
    DataFault(
      "\(name):\(position(of: index))", at: place, expected: expected, found: found,
      advice: advice)
  }

  /// `12:5`: the line and the character in it, from 1 on, where a field begins; quotes are part of
  /// it here.
  func position(of index: Int) -> TextPosition {
    let field = fields[min(index, fields.count - 1)]
    let offset = index < fields.count ? Int(field.start) - (field.isQuoted ? 1 : 0) : Int(field.end)
    return TextPosition(line: line, column: 1)
      .advanced(over: UnsafeBufferPointer(start: bytes, count: offset))
  }
}
