import SkeinFiles

/// The order of an element's bytes in a file.
enum ByteOrder: Sendable {
  case big, little

  /// Whether elements have to be turned round between such a file and memory.
  var differsFromHost: Bool {
    (self == .little) != (1.littleEndian == 1)
  }

  /// Turns elements of `size` bytes between this order and the machine's, in place. O(bytes).
  ///
  /// - Precondition: `size` is 1, 2, 4 or 8 and divides the number of bytes.
  func convert(_ bytes: UnsafeMutableRawBufferPointer, elementSize size: Int) {
    require(bytes.count % size == 0, "\(bytes.count) bytes in elements of \(size)")
    guard differsFromHost else { return }
    switch size {
    case 1: break
    case 2: Self.swap(bytes, as: UInt16.self)
    case 4: Self.swap(bytes, as: UInt32.self)
    case 8: Self.swap(bytes, as: UInt64.self)
    default: misuse("no element takes \(size) bytes")
    }
  }

  private static func swap<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeMutableRawBufferPointer, as type: Word.Type
  ) {
    for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<Word>.size) {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: Word.self)
      bytes.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: Word.self)
    }
  }
}
