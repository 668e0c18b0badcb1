/// The frames around the records of TensorFlow's files, such as event files.
///
/// A frame has the record's length in 8 bytes, the length's checksum in 4, the record, and the
/// record's checksum in 4. All numbers are little-endian.
///
/// Source: https://www.tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".
enum RecordFraming {
  /// How many bytes a frame adds to its record.
  static let overhead = 16

  /// `record` in its frame. O(bytes).
  static func frame(_ record: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(record.count), 8)
    return length + littleEndian(UInt64(masked(length)), 4) + record
      + littleEndian(UInt64(masked(record)), 4)
  }

  /// Where the records at the beginning of `bytes` are, up to the first one that is cut off or
  /// damaged.
  static func records(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var at = 0
    while bytes.count - at >= overhead {
      let header = bytes[at..<(at + 8)]
      let length = header.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard number(bytes[(at + 8)..<(at + 12)]) == masked(header),
        let size = Int(exactly: length), size <= bytes.count - at - overhead
      else { break }
      let record = (at + 12)..<(at + 12 + size)
      guard number(bytes[record.upperBound..<(record.upperBound + 4)]) == masked(bytes[record])
      else { break }
      found.append(record)
      at += overhead + size
    }
    return found
  }

  /// The masked CRC-32C of `bytes`: rotated, with a constant added. The plain checksum would be
  /// weak for bytes that contain checksums themselves.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let checksum = CRC32.castagnoli.checksum(bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  private static func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(value >> (8 * UInt64($0)) & 0xFF) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
