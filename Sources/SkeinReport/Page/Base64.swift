import Foundation

/// Numbers in base 64, which JSON and HTML hold without escapes.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The bytes in base 64.
  static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// The Floats in base 64, each in 4 bytes, little-endian.
  static func text(_ values: [Float]) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    for value in values {
      let bits = value.bitPattern
      for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(bits >> shift & 0xFF)) }
    }
    return text(bytes)
  }

  /// One character per code.
  ///
  /// - Precondition: codes are in 0..<64.
  static func characters(_ codes: [UInt8]) -> String {
    String(decoding: codes.map { alphabet[Int($0)] }, as: UTF8.self)
  }
}

/// A code for bytes of which many are 0. A zero is followed by the number of zeros that it stands
/// for, at most 255. All other bytes stand for themselves.
enum ZeroRuns {
  /// `bytes` in that code. O(bytes).
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var run: UInt8 = 0
    for byte in bytes {
      if run > 0 && (byte != 0 || run == 255) {
        result += [0, run]
        run = 0
      }
      if byte == 0 { run += 1 } else { result.append(byte) }
    }
    if run > 0 { result += [0, run] }
    return result
  }
}
