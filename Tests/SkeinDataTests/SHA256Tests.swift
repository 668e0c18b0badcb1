import SkeinFiles
import Testing

/// The examples of NIST's FIPS 180-4, and bytes that arrive in odd pieces.
@Suite struct SHA256Tests {
  /// Text, how often it is repeated, and the digest of that.
  static let examples = [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ]

  @Test(arguments: examples)
  func theExamplesOfTheStandardHold(text: String, times: Int, digest: String) {
    #expect(SHA256.hexadecimal(of: Array(String(repeating: text, count: times).utf8)) == digest)
  }

  @Test(arguments: [1, 55, 63, 64, 65, 997, 65_537])
  func piecesOfAnySizeGiveTheDigestOfTheWhole(size: Int) {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let hash = SHA256()
    hash.update([])
    for start in stride(from: 0, to: bytes.count, by: size) {
      hash.update(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(hash.hexadecimal == Self.examples[3].2)
  }

  @Test func theDigestMayBeReadOnTheWay() {
    let hash = SHA256()
    #expect(hash.hexadecimal == Self.examples[0].2)
    hash.update(Array("ab".utf8))
    #expect(hash.digest.count == 32)
    #expect(hash.digest == hash.digest)
    Array("c".utf8).withUnsafeBytes(hash.update)
    #expect(hash.hexadecimal == Self.examples[1].2)
  }

  @Test func aHashOfItsOwnIsUntouchedByOthers() {
    let (one, other) = (SHA256(), SHA256())
    one.update(Array("ab".utf8))
    other.update(Array("x".utf8))
    one.update(Array("c".utf8))
    #expect(one.hexadecimal == Self.examples[1].2)
  }
}
