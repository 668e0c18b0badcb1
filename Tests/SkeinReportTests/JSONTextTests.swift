import Foundation
import Testing

@testable import SkeinReport

/// JSON for terminals: whatever a name holds, only characters that show are written.
@Suite struct JSONTextTests {
  private struct Named: Codable, Equatable {
    var name: String
    var keyed: [String: Int]
  }

  @Test func nothingHiddenIsWritten() throws {
    let names =
      hostileTexts + [
        "\u{9B}31m", "\u{AD}", "\u{600}", "\u{180E}", "\u{FFF9}", "\u{1D173}", "\u{E0001}",
        "\u{E007F}", "\u{F0000}", "\u{110BD}x", "a\u{301}\u{202E}", "\u{7F}", "\u{1F426}\u{200D}",
      ]
    for name in names {
      for isPretty in [false, true] {
        let value = Named(name: name, keyed: [name: 1])
        let text = try JSONText.encode(value, isPretty: isPretty)
        for scalar in text.unicodeScalars where scalar != "\n" {
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            Issue.record("U+\(String(scalar.value, radix: 16)) of \(name.debugDescription)")
          default: break
          }
        }
        #expect(try JSONDecoder().decode(Named.self, from: Data(text.utf8)) == value)
      }
    }
    #expect(try JSONText.encode("\u{9B}") == #""\u009b""#)
    #expect(try JSONText.encode("\u{E0001}é日\u{202E}") == #""\udb40\udc01é日\u202e""#)
    #expect(try JSONText.encode(["b": 1, "a": 2]) == #"{"a":2,"b":1}"#)
  }

  @Test func infinityIsSpeltOnlyWhereAsked() throws {
    #expect(throws: EncodingError.self) { try JSONText.encode([Double.nan]) }
    #expect(try JSONText.encode([Double.infinity], spellsInfinity: true) == #"["∞"]"#)
  }
}
