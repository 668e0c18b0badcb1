import Glibc
import SkeinRandom
import Testing

@testable import SkeinFiles

/// Every name comes back as the bytes that it was.
@Suite struct PathBytesTests {
  private func comesBack(_ bytes: [UInt8]) -> Bool {
    let text = PathBytes.text(bytes)
    return PathBytes.bytes(text) == bytes
      && PathBytes.withName(text) { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) }
        .map { UInt8(bitPattern: $0) } == bytes
  }

  @Test func everyByteComesBack() {
    for byte in UInt8(1)...255 {
      for bytes in [[byte], [0x61, byte], [byte, 0x2F, byte], [0xC3, byte], [0xF4, 0x8F, byte]] {
        #expect(comesBack(bytes), "\(bytes)")
      }
    }
  }

  @Test func anyBytesComeBack() {
    var generator = MersenneTwister(seed: 7)
    // Bytes that begin and go on with characters of UTF-8 are drawn often.
    let usual: [UInt8] = [
      0x2F, 0x61, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0xF4, 0x8F, 0xBA, 0xBB,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<Int(generator.next32() % 9)).map { _ in
        let drawn = generator.next32()
        return drawn % 3 == 0 ? UInt8(1 + drawn / 3 % 255) : usual[Int(drawn / 3) % usual.count]
      }
      #expect(comesBack(bytes), "\(bytes)")
    }
  }

  @Test(arguments: ["plain", "é/ü", "日本", "🧶", "\u{10FFFD}", "\u{10FE7F}", ""])
  func textStaysText(name: String) {
    #expect(PathBytes.text(Array(name.utf8)).utf8.elementsEqual(name.utf8))
  }

  /// A name that holds the characters which stand for bytes is none the worse for it.
  @Test func theCharactersThemselvesComeBack() {
    for name in ["\u{10FE80}", "a\u{10FEFF}b", "\u{10FEFF}\u{10FE90}"] {
      #expect(comesBack(Array(name.utf8)))
      #expect(PathBytes.text(Array(name.utf8)) != name)
    }
  }

  @Test func messagesShowTheBytes() {
    #expect(PathBytes.text([0x61, 0xFF, 0x0A]).printable() == "a\\xFF\\u{A}")
  }

  /// An accent makes one character with the slash before it.
  @Test func slashesAreFoundByTheirBytes() {
    #expect(PathBytes.components("a/\u{301}b//c/") == ["a", "\u{301}b", "", "c", ""])
  }
}
