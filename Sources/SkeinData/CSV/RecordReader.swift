import Glibc
import SkeinFiles

/// Reads a table's records from front to back, whatever quotes and line breaks they hold.
///
/// The format is RFC 4180's, with what is found in files beside it: any delimiter, lines that end
/// in LF, CRLF or CR, a byte order mark, blank lines (skipped), spaces around fields (no part of
/// them), quotes inside of fields that begin without one (they mean themselves), no line break at
/// the end. Between quotes everything means itself, line breaks included, and two quotes one.
///
/// Debian's libcsv was tried first. With empty callbacks it reads 138 MB/s on one core of a Zen 4,
/// a byte per turn and a call per field, so two passes with numbers in them would stay far below
/// 100 MB/s; and it tells no position of a field or of a quote that is never closed. This reader
/// looks at 64 bytes at a time and hands out a record's fields as places in its memory.
///
/// Memory: a block of the file, or the longest record, of which more than 16 MiB are refused.
final class RecordReader {
  /// The most bytes of one record.
  static let recordLimit = 16 << 20
  /// How many bytes may be looked at behind the last one.
  static let padding = max(DecimalReader.padding, RecordScan.padding)
  /// How many bytes are read at a time.
  static let block = 1 << 18

  let source: any ByteSource
  /// The file, for errors.
  var name: String { source.name }
  /// The byte between fields. It may change before the first record is read.
  var delimiter: UInt8

  /// Room for `capacity` bytes, and for some more, so that so many can be looked at anywhere.
  private var memory: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// What of `memory` is read and not yet given out.
  private var pending: Range<Int> = 0..<0
  private var isAtEnd = false
  private var fields: UnsafeMutableBufferPointer<Record.Field>
  /// Where the next record begins.
  private var position = TextPosition(line: 1, column: 1)

  /// - Precondition: `delimiter` is neither a quote nor a line break.
  init(_ source: any ByteSource, delimiter: UInt8, block: Int = RecordReader.block) {
    self.source = source
    self.delimiter = delimiter
    capacity = block
    memory = .allocate(capacity: block + Self.padding)
    memory.initialize(repeating: 0, count: block + Self.padding)
    fields = .allocate(capacity: 64)
  }

  deinit {
    memory.deallocate()
    fields.deallocate()
  }

  /// The first bytes of the file, at most one block. To be called before the first record is read.
  func front() throws -> UnsafeBufferPointer<UInt8> {
    if pending.isEmpty { try refill() }
    return UnsafeBufferPointer(start: memory + pending.lowerBound, count: pending.count)
  }

  /// Whether the file ends with what `front` shows.
  var isAllThere: Bool { isAtEnd }

  /// Passes over `count` bytes, as over a byte order mark.
  func skip(_ count: Int) { pending = (pending.lowerBound + count)..<pending.upperBound }

  /// The record that `next` has returned last. It stays until its next call.
  private(set) var current: Record?

  /// Whether everything that was read of the file is given out.
  var isUsedUp: Bool { pending.isEmpty }

  /// The next record that is no blank line; nil at the end. It stays until the next call.
  ///
  /// - Throws: `DataError` for a quote that is not closed, for text behind a closing quote, NUL
  ///   bytes, a record that is too long; what the source throws.
  func next() throws -> Record? {
    while true {
      let scan = RecordScan(
        bytes: memory + pending.lowerBound, end: pending.count, isAtEnd: isAtEnd,
        delimiter: delimiter)
      switch scan.run(&fields) {
      case .record(let count, let length, let lines):
        let record = Record(
          bytes: memory + pending.lowerBound,
          fields: UnsafeBufferPointer(rebasing: fields[..<count]), line: position.line, name: name)
        pending = (pending.lowerBound + length)..<pending.upperBound
        position.line += lines
        let isBlank = count == 1 && !fields[0].isQuoted && fields[0].start == fields[0].end
        if isBlank { continue }
        current = record
        return record
      case .incomplete(let quote):
        guard pending.count < Self.recordLimit else { throw tooLong(quote) }
        try refill()
      case .unclosed(let quote): throw unclosed(quote)
      case .behindQuote(let offset): throw behindQuote(offset)
      case .tooManyFields:
        throw DataError(
          "\(name):\(position.line)", expected: "at most \(RecordScan.fieldLimit) fields",
          found: "more", advice: "is this a table, and is --delimiter right?")
      case .end: return nil
      }
    }
  }

  /// Reads on behind `pending`, which moves to the front of the memory.
  private func refill() throws {
    let count = pending.count
    if count == capacity {
      let larger = min(2 * capacity, Self.recordLimit + Self.block)
      let room = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.padding)
      room.initialize(repeating: 0, count: larger + Self.padding)
      room.update(from: memory + pending.lowerBound, count: count)
      memory.deallocate()
      (memory, capacity) = (room, larger)
    } else if pending.lowerBound > 0 {
      memmove(memory, memory + pending.lowerBound, count)
    }
    pending = 0..<count
    let room = UnsafeMutableRawBufferPointer(start: memory + count, count: capacity - count)
    let read = try source.fill(room)
    isAtEnd = read < room.count
    pending = 0..<(count + read)
    if let nul = memchr(memory + count, 0, read) {
      throw nulByte(
        UnsafePointer(memory).distance(to: UnsafePointer(nul.assumingMemoryBound(to: UInt8.self))))
    }
  }

  /// The place of the byte `offset` of `pending`.
  private func place(_ offset: Int) -> TextPosition {
    position.advanced(
      over: UnsafeBufferPointer(start: memory + pending.lowerBound, count: offset))
  }

  private func tooLong(_ quote: Int?) -> DataError {
    let begun = quote.map { "; a quote that begins at \(place($0)) is still open there" } ?? ""
    return DataError(
      "\(name):\(position)", expected: "a record of at most \(Self.recordLimit >> 20) MiB",
      found: "a longer one" + begun, advice: "is this a table, with a line per sample?")
  }

  private func unclosed(_ quote: Int) -> DataError {
    DataError(
      "\(name):\(place(quote))", expected: "a quote that is closed again",
      found: "the end of the file behind it",
      advice: "double the quotes that mean themselves, as in \"3.5\"\" disk\", or remove this one")
  }

  private func behindQuote(_ offset: Int) -> DataError {
    let bytes = UnsafeBufferPointer(
      start: memory + pending.lowerBound + offset, count: min(12, pending.count - offset))
    let rest = bytes.prefix { $0 != CSVFormat.lineFeed && $0 != CSVFormat.carriageReturn }
    return DataError(
      "\(name):\(place(offset))",
      expected:
        "\"\(Character(Unicode.Scalar(delimiter)))\" or a line's end behind a closing quote",
      found: "\"\(PathBytes.text(rest))\"",
      advice: "double the quotes that mean themselves, as in \"3.5\"\" disk\"")
  }

  private func nulByte(_ offset: Int) -> DataError {
    DataError(
      "\(name):\(place(offset))", expected: "text without NUL bytes", found: "one",
      advice: "the file is no text, or text in UTF-16: save it as CSV in UTF-8")
  }
}
