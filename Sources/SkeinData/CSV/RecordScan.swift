import CScan

/// Finds the fields of the record at the front of some bytes.
struct RecordScan {
  /// What was found.
  enum Outcome {
    /// A record of so many fields, so many bytes and so many lines, line breaks included.
    case record(fields: Int, length: Int, lines: Int)
    /// The bytes end inside of a record. A quote at `quote` is still open there, if it is not nil.
    case incomplete(quote: Int?)
    /// The file ends inside of the quotes that begin at this byte.
    case unclosed(quote: Int)
    /// Behind a closing quote, at this byte, stands neither a delimiter nor a line's end.
    case behindQuote(Int)
    /// There are more fields than a record may have.
    case tooManyFields
    /// No bytes are left.
    case end
  }

  /// The most fields of one record.
  static let fieldLimit = 1 << 17
  /// How many bytes behind the last one are looked at.
  static let padding = Int(SKEIN_SCAN_WIDTH)

  /// The record's first byte; `padding` bytes behind the last one may be looked at too.
  let bytes: UnsafePointer<UInt8>
  /// How many bytes there are.
  let end: Int
  /// Whether the file ends with them.
  let isAtEnd: Bool
  let delimiter: UInt8

  /// Looks for the record's end, and puts its fields into `fields`, which grow where they must.
  ///
  /// 64 bytes at a time are compared with all characters that end a field. What stands between two
  /// of these is not looked at, but for spaces at both ends of a field.
  func run(_ fields: inout UnsafeMutableBufferPointer<Record.Field>) -> Outcome {
    if end == 0 { return isAtEnd ? .end : .incomplete(quote: nil) }
    var (count, lines, start) = (0, 1, 0)
    var base = 0
    var marks = skein_scan_marks(bytes, delimiter)
    while true {
      while marks == 0 {
        base += Self.padding
        if base >= end { break }
        marks = skein_scan_marks(bytes + base, delimiter)
      }
      var at = marks == 0 ? end : min(end, base + marks.trailingZeroBitCount)
      if at == end, !isAtEnd { return .incomplete(quote: nil) }
      var field = Record.Field(start: 0, end: 0, isQuoted: false, isEscaped: false)
      if at < end, bytes[at] == CSVFormat.quote {
        marks &= marks - 1
        guard isBlank(start..<at) else { continue }
        let quote = at
        guard let close = closingQuote(&at, &lines, &field) else {
          return isAtEnd ? .unclosed(quote: quote) : .incomplete(quote: quote)
        }
        field.start = UInt32(quote + 1)
        field.end = UInt32(close)
        field.isQuoted = true
        while at < end, isSpace(bytes[at]) { at += 1 }
        if at == end, !isAtEnd { return .incomplete(quote: nil) }
        if at < end, bytes[at] != delimiter, !isBreak(bytes[at]) { return .behindQuote(at) }
        base = at
        marks = at < end ? skein_scan_marks(bytes + at, delimiter) : 0
      } else {
        var last = at
        while start < last, isSpace(bytes[start]) { start += 1 }
        while start < last, isSpace(bytes[last - 1]) { last -= 1 }
        field.start = UInt32(start)
        field.end = UInt32(last)
      }
      if count == fields.count {
        guard count < Self.fieldLimit else { return .tooManyFields }
        Self.grow(&fields)
      }
      fields[count] = field
      count += 1
      if at == end { return .record(fields: count, length: end, lines: lines) }
      if bytes[at] == delimiter {
        marks &= marks - 1
        start = at + 1
        continue
      }
      if bytes[at] == CSVFormat.carriageReturn {
        // A line feed may come with the next block.
        if at + 1 == end, !isAtEnd { return .incomplete(quote: nil) }
        if at + 1 < end, bytes[at + 1] == CSVFormat.lineFeed { at += 1 }
      }
      return .record(fields: count, length: at + 1, lines: lines)
    }
  }

  /// The closing quote of the field whose opening quote stands at `at`, which moves behind it; nil
  /// where the bytes end before.
  private func closingQuote(
    _ at: inout Int, _ lines: inout Int, _ field: inout Record.Field
  ) -> Int? {
    at += 1
    while at < end {
      let byte = bytes[at]
      at += 1
      if byte == CSVFormat.quote {
        // A second quote may come with the next block.
        if at == end { return isAtEnd ? at - 1 : nil }
        guard bytes[at] == CSVFormat.quote else { return at - 1 }
        field.isEscaped = true
        at += 1
      } else if byte == CSVFormat.lineFeed {
        lines += 1
      } else if byte == CSVFormat.carriageReturn {
        if at == end || bytes[at] != CSVFormat.lineFeed { lines += 1 }
      }
    }
    return nil
  }

  private func isBlank(_ range: Range<Int>) -> Bool { range.allSatisfy { isSpace(bytes[$0]) } }

  @inline(__always)
  private func isSpace(_ byte: UInt8) -> Bool {
    (byte == 0x20 || byte == 0x09) && byte != delimiter
  }

  private func isBreak(_ byte: UInt8) -> Bool {
    byte == CSVFormat.lineFeed || byte == CSVFormat.carriageReturn
  }

  private static func grow(_ fields: inout UnsafeMutableBufferPointer<Record.Field>) {
    let larger = UnsafeMutableBufferPointer<Record.Field>.allocate(capacity: 2 * fields.count)
    _ = larger.moveInitialize(fromContentsOf: fields)
    fields.deallocate()
    fields = larger
  }
}
