/// Cyclic redundancy checks of 32 bits, by table. They are bit-reflected, begin with all ones, and
/// are inverted at the end.
struct CRC32: Sendable {
  /// The check of PNG and gzip.
  static let ieee = CRC32(polynomial: 0xEDB8_8320)
  /// Castagnoli's CRC-32C, which TensorFlow's records have. Source: RFC 3720, appendix B.4.
  static let castagnoli = CRC32(polynomial: 0x82F6_3B78)

  private let table: [UInt32]

  /// - Parameter polynomial: the generator polynomial, bit-reflected.
  init(polynomial: UInt32) {
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1
      }
    }
  }

  /// The checksum of `bytes`. O(bytes).
  func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var value = UInt32.max
    for byte in bytes { value = value >> 8 ^ table[Int(UInt8(value & 0xFF) ^ byte)] }
    return ~value
  }
}
