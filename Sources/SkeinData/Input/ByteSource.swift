/// Bytes that come one after the other: a file, or what a decoder makes of another source.
///
/// Whoever reads asks for so many bytes, so nothing can give more than was asked for: a
/// decompression bomb stops at the promised size.
protocol ByteSource: AnyObject {
  /// The file as messages name it.
  var name: String { get }
  /// How many bytes were given so far.
  var offset: Int { get }
  /// Writes the next bytes to the front of `buffer` and returns how many; 0 only at the end, and
  /// only after everything that can be checked there has been.
  ///
  /// - Precondition: `buffer` is not empty.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteSource {
  /// Reads until `buffer` is full or the source ends; returns how many bytes came.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// The next `count` bytes, or fewer where the source ends. `count` must be small.
  func bytes(_ count: Int) throws -> [UInt8] {
    if count == 0 { return [] }
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = try fill(UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Fills `buffer` to its end.
  ///
  /// - Throws: `DataError` where the source ends too early.
  func fillExactly(_ buffer: UnsafeMutableRawBufferPointer) throws {
    let start = offset
    let count = try fill(buffer)
    guard count == buffer.count else {
      throw DataError(
        name, at: "byte \(start + count)", expected: "\(buffer.count - count) more bytes",
        found: "the end of the data")
    }
  }

  /// Checks that nothing follows.
  ///
  /// - Throws: `DataError` where something does.
  func expectEnd() throws {
    let end = offset
    guard try bytes(1).isEmpty else {
      throw DataError(
        name, at: "byte \(end)", expected: "the end of the data, as its header says",
        found: "more bytes")
    }
  }
}

/// Bytes in memory as a source.
final class MemorySource: ByteSource {
  let name: String
  private let content: [UInt8]
  private(set) var offset = 0

  init(_ content: [UInt8], name: String) {
    self.content = content
    self.name = name
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, content.count - offset)
    buffer.copyBytes(from: content[offset..<(offset + count)])
    offset += count
    return count
  }
}
