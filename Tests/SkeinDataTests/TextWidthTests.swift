import Testing

@testable import SkeinFiles

/// How wide texts are on a terminal, and where they break.
@Suite struct TextWidthTests {
  private static let texts = [
    "", "a", "plain words with  two  gaps", String(repeating: "x", count: 300),
    String(repeating: "漢字", count: 80), "e\u{301}te\u{301} na\u{308}ive",
    "  optimizer.learningRate  0.05  --set optimizer.learningRate=0.05",
    "accuracy 93.8 %, loss 12345678.9 %", "😀 emoji 👍🏽 and 🇩🇪", "line one\n\n  line two is longer",
    "\(String(repeating: " ", count: 60))deep",
  ]

  @Test func columnsAreThoseOfATerminal() {
    let known: [(String, Int)] = [
      ("", 0), ("abc", 3), ("漢字", 4), ("e\u{301}", 1), ("ｱ", 1), ("Ａ", 2), ("한국", 4),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("😀", 2), ("…", 1), ("█", 1), ("ä", 1), ("、", 2),
    ]
    for (text, columns) in known { #expect(text.columns == columns, "\(text)") }
  }

  @Test func sizesHaveTheirUnit() {
    #expect(binarySize(12.4 * 1_048_576) == "12 MiB" && binarySize(0, decimals: 2) == "0.00 MiB")
    #expect(binarySize(3 * 1_073_741_824) == "3.00 GiB")
    #expect(binarySize(9_556_468 * 1_048_576) == "9.11 TiB" && binarySize(1e40) == "9.1e+27 TiB")
  }

  @Test func noLineIsWiderThanTheTerminal() {
    for text in Self.texts {
      for width in 4...200 {
        let wrapped = text.wrapped(to: width)
        for line in wrapped.split(separator: "\n") {
          #expect(String(line).columns <= width, "\(width): \(line)")
        }
        func letters(_ text: String) -> String { text.filter { $0 != " " && $0 != "\n" } }
        #expect(letters(wrapped) == letters(text), "\(width): nothing is lost")
        #expect(text.cut(to: width).columns <= width)
        #expect(text.shortened(to: width).columns <= width)
        #expect(text.replacing("\n", with: " ").fitted(to: width).columns == width)
      }
    }
  }

  @Test func linesBreakAtSpacesUnderTheirSecondColumn() {
    #expect("one two three".wrapped(to: 9) == "one two\n  three")
    #expect("one two three".wrapped(to: 9, isProse: true) == "one two\nthree")
    #expect("  --set  sets a key of it".wrapped(to: 18) == "  --set  sets a\n         key of it")
    #expect("accuracy 93.8 % now".wrapped(to: 14) == "accuracy\n  93.8 % now")
    #expect("0123456789".wrapped(to: 8) == "01234567\n  89")
    #expect("fits  as it is".wrapped(to: 14) == "fits  as it is")
    #expect(
      "  --threads <n>  How many".wrapped(to: 18) == "  --threads <n>\n      How many")
    #expect(
      "  --set  a key and more".wrapped(to: 12) == "  --set\n    a key\n    and more")
    #expect("page: /0123456789/ab".wrapped(to: 12) == "page: /01234\n  56789/ab")
    #expect("a page at /0123456789".wrapped(to: 12) == "a page at\n  /012345678\n  9")
  }

  @Test func longNamesKeepTheirEnds() {
    #expect("/a/very/long/path/of/a/run".shortened(to: 16) == "/a/ve…h/of/a/run")
    #expect("abcdef".cut(to: 4) == "abc…" && "漢字漢".cut(to: 4) == "漢…")
    #expect("漢".fitted(to: 4) == "漢  " && "\u{1B}x".fitted(to: 8) == "\\u{1B}x ")
  }
}
