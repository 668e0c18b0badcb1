import Foundation

/// Numbers as text that JSON and HTML leave alone.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// Floats, little-endian.
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

/// Bytes of which many are 0: a zero is followed by how many zeros it stands for, at most 255.
enum ZeroRuns {
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
