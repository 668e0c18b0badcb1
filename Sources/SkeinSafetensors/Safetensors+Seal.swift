import SkeinFiles

/// A file that carries its own SHA-256, so that a flipped bit is found wherever it is.
///
/// The digest stands in the metadata under `skein.sha256`, as 64 hexadecimal digits; it is that of
/// the file with 64 zeros in their place.
extension Safetensors {
  package static let sealKey = "skein.sha256"
  private static let digits = 64
  private static let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: digits)

  /// The file's bytes with the digest in them. O(bytes).
  package func encodeSealed() -> [UInt8] {
    Self.encodeSealed(tensors.map(View.init), metadata: metadata)
  }

  /// The same for tensors that lie elsewhere. No other memory is taken than that of the result.
  package static func encodeSealed(_ tensors: [View], metadata: [String: String]) -> [UInt8] {
    var metadata = metadata
    metadata[sealKey] = String(decoding: zeros, as: UTF8.self)
    var bytes = encode(tensors, metadata: metadata)
    guard let place = sealPlace(in: bytes) else {
      misuse("no place for the seal in a file of \(bytes.count) bytes")
    }
    bytes.replaceSubrange(place, with: digest(bytes, place))
    return bytes
  }

  /// Checks the digest in `bytes`, the content of `file`. O(bytes).
  ///
  /// - Parameter advice: what to do about a file whose bytes give another one.
  /// - Throws: `FormatError` where there is none, or another one than the bytes give.
  package static func checkSeal(
    _ bytes: [UInt8], file: String, advice: String = "the file is damaged: use another checkpoint"
  ) throws(FormatError) {
    guard let place = sealPlace(in: bytes) else {
      throw FormatError(
        file: file, what: "SHA-256", expected: "one in the file's metadata", found: "none",
        advice: "it is cut off, or was not written by Skein: use another one")
    }
    let (found, expected) = (digest(bytes, place), Array(bytes[place]))
    guard found == expected else {
      throw FormatError(
        file: file, what: "SHA-256", expected: String(decoding: expected, as: UTF8.self),
        found: String(decoding: found, as: UTF8.self),
        advice: advice)
    }
  }

  /// Where the digits stand: behind the first `"skein.sha256":"` of the header.
  private static func sealPlace(in bytes: [UInt8]) -> Range<Int>? {
    let mark = Array("\"\(sealKey)\":\"".utf8)
    let end = min(bytes.count, maximumHeader) - mark.count - digits
    var start = 8
    while start <= end {
      if bytes[start] == mark[0], bytes[start..<(start + mark.count)].elementsEqual(mark) {
        return (start + mark.count)..<(start + mark.count + digits)
      }
      start += 1
    }
    return nil
  }

  /// The hexadecimal digest of `bytes` with zeros at `place`.
  private static func digest(_ bytes: [UInt8], _ place: Range<Int>) -> [UInt8] {
    let hash = SHA256()
    hash.update(bytes[..<place.lowerBound])
    hash.update(zeros)
    hash.update(bytes[place.upperBound...])
    return Array(hash.hexadecimal.utf8)
  }
}
