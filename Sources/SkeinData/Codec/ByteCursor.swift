/// Reads the fields of a header from front to back and never beyond its end.
struct ByteCursor {
  /// The file as messages name it.
  let file: String
  /// Where the next field starts.
  private(set) var offset = 0
  private let bytes: [UInt8]

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  var remaining: Int { bytes.count - offset }

  /// The next `count` bytes; `field` names them in the error where the data ends before.
  mutating func take(_ count: Int, _ field: String) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else {
      throw DataError(
        file, at: "byte \(offset)", expected: "\(count) bytes of \(field)",
        found: remaining == 0 ? "the end of the data" : "only \(remaining) bytes")
    }
    defer { offset += count }
    return bytes[offset..<(offset + count)]
  }

  mutating func uint8(_ field: String) throws -> UInt8 {
    try take(1, field).reduce(0) { $0 | $1 }
  }

  mutating func uint16LittleEndian(_ field: String) throws -> UInt16 {
    try take(2, field).reversed().reduce(0) { $0 << 8 | UInt16($1) }
  }

  mutating func uint32LittleEndian(_ field: String) throws -> UInt32 {
    try take(4, field).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func uint64LittleEndian(_ field: String) throws -> UInt64 {
    try take(8, field).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func uint32BigEndian(_ field: String) throws -> UInt32 {
    try take(4, field).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
