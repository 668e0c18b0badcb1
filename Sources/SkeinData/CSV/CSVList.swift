/// A list in one text, as a record of a table: `age,sex`, `"a,b",c`.
public enum CSVList {
  /// The parts of `text`. O(length).
  ///
  /// - Throws: `DataError` for quotes that are not closed.
  public static func parts(of text: String) throws -> [String] {
    let reader = RecordReader(
      MemorySource(Array(text.utf8), name: "\"\(text)\""), delimiter: UInt8(ascii: ","))
    guard let record = try reader.next() else { return [] }
    return try (0..<record.count).map { try record.text($0) }
  }
}
