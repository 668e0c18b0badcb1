import SkeinFiles

/// A table's file, read from front to back: as it is, in gzip or in zstd.
final class CSVFile {
  /// The file as messages name it.
  let name: String
  /// How it is written.
  let format: CSVFormat
  /// The names of its columns, which all differ. Columns without one are called column-1, column-2
  /// and so on, by their place.
  let columns: [String]
  /// The records behind the names that were read so far.
  private(set) var rows = 0
  private let reader: RecordReader
  private let file: UserFile
  /// The first record, where it holds no names.
  private var isFirstPending: Bool
  /// Where the names stand.
  private let headerLine: Int

  /// Opens the file and reads the names.
  ///
  /// - Parameters:
  ///   - path: a file; `-` for standard input.
  ///   - isCancelled: asked while a pipe is waited for; true throws a `CancellationError`.
  /// - Throws: `DataError` where it is no table, or its columns have equal names.
  init(
    path: String, _ wish: CSVFormat.Wish,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    file = try UserFile(path: path, isCancelled: isCancelled)
    name = file.name
    reader = RecordReader(try Self.unpacked(file), delimiter: UInt8(ascii: ","))
    let front = try reader.front()
    let count = try Self.checkFront(front, name)
    reader.skip(count)
    let guess = CSVGuess(
      UnsafeBufferPointer(rebasing: front[count...]), isAll: reader.isAllThere)
    format = guess.format(wish)
    reader.delimiter = format.delimiter
    guard let first = try reader.next() else {
      throw DataError(name, expected: "a table (CSV)", found: "no record")
    }
    headerLine = first.line
    columns = try format.hasHeader ? Self.names(first) : (0..<first.count).map(Self.name)
    isFirstPending = !format.hasHeader
  }

  /// What the file unpacks to.
  private static func unpacked(_ file: UserFile) throws -> any ByteSource {
    let front = try file.peek(64)
    if front.starts(with: FileSignature.gzip) { return try GzipSource(file) }
    if FileSignature.isZstd(front) { return try ZstdSource(file, .anyFrames) }
    return file
  }

  /// Refuses what is no text in UTF-8, as far as the first bytes tell.
  ///
  /// - Returns: how many bytes a byte order mark takes.
  private static func checkFront(
    _ front: UnsafeBufferPointer<UInt8>, _ name: String
  ) throws -> Int {
    let start = Array(front.prefix(32))
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      throw DataError(
        name, expected: "text in UTF-8", found: "UTF-16",
        advice: "save it as CSV in UTF-8, or convert it: iconv -f utf16 -t utf8 FILE > NEW")
    }
    let kind = FileSignature.describe(start)
    let isText = kind.hasPrefix("text") || kind.hasPrefix("the bytes")
    // Two letters are no proof of a picture: a column may be called BMI.
    guard isText || start.starts(with: Array("BM".utf8)) else {
      throw DataError(
        name, expected: "a table as text (CSV)", found: start.isEmpty ? "an empty file" : kind,
        advice: start.starts(with: FileSignature.zip)
          ? "save a spreadsheet as CSV, or unpack the archive" : FileSignature.advice(start))
    }
    return start.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// What a column without a name is called, by its place from 0 on.
  static func name(_ index: Int) -> String { "column-\(index + 1)" }

  private static func names(_ record: Record) throws -> [String] {
    var places: [String: Int] = [:]
    return try (0..<record.count).map { index in
      let text = try record.text(index)
      let name = text.isEmpty ? Self.name(index) : text
      guard name.utf8.count <= 1000 else {
        throw DataError(
          record.fault(
            index, expected: "a column name of at most 1000 bytes",
            found: "\(name.utf8.count) bytes"))
      }
      if let before = places.updateValue(index, forKey: name) {
        throw DataError(
          record.fault(
            index, expected: "column names that differ",
            found: "\"\(name)\" again, the name of column \(before + 1)",
            advice: "rename one of them, or add --no-header where the first line is a sample"))
      }
      return name
    }
  }

  /// The next record behind the names; nil at the end. It stays until the next call.
  ///
  /// - Throws: `DataError` for a record with more or fewer fields than the first one, and as
  ///   `RecordReader.next`.
  func next() throws -> Record? {
    if isFirstPending {
      isFirstPending = false
      rows = 1
      return reader.current
    }
    guard let record = try reader.next() else { return nil }
    guard record.count == columns.count else {
      throw DataError(
        record.fault(
          columns.count, expected: "\(counted(columns.count, "field")), as in line \(headerLine)",
          found: "\(record.count)",
          advice: "is --delimiter right, and do quotes stand around fields with delimiters?"))
    }
    rows += 1
    return record
  }

  /// The bytes that were read of the file, for progress.
  var offset: Int { file.offset }
  /// The bytes that the file has; nil for a pipe.
  var size: Int? { file.size }
}
