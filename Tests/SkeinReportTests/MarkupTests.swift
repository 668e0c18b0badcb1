import Testing

@testable import SkeinReport

@Suite struct MarkupTests {
  @Test func whatMeansSomethingInMarkupIsEscaped() {
    #expect(Markup.escaped("<a b='c'>&\"\u{1B}") == "&lt;a b=&#39;c&#39;&gt;&amp;&quot;\u{FFFD}")
    #expect(Markup.embedded(json: "\"</script>&\"") == "\"\\u003c/script\\u003e\\u0026\"")
  }

  /// Characters that let a text be read as another one: "gpj.exe" for "exe.jpg".
  @Test func textKeepsItsDirection() {
    let scalars: [ClosedRange<UInt32>] = [
      0x061C...0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
    ]
    for scalar in scalars.joined().compactMap(Unicode.Scalar.init) {
      let text = "a\(scalar)b"
      #expect(Markup.escaped(text) == "a\u{FFFD}b", "\(String(scalar.value, radix: 16))")
      #expect(!text.attribute.unicodeScalars.contains(scalar))
    }
    // Letters of scripts that run from right to left are letters.
    #expect(Markup.escaped("שלום، سلام") == "שלום، سلام")
  }

  /// No name of a class, dataset or run gets one into a picture or a page.
  @Test func picturesAndPagesKeepTheirDirection() throws {
    let hostile = "a\u{202E}gpj.exe\u{2066}\u{200F}\u{061C}"
    let run = makeRun(name: hostile, classes: [hostile, "dog"])
    let texts = try pictures(of: run).map { ($0.name, $0.svg.file) } + [("page", Page.html(run))]
    for (name, text) in texts {
      let found = text.unicodeScalars.filter {
        [0x202E, 0x2066, 0x200F, 0x061C].contains($0.value)
      }
      #expect(found.isEmpty, "\(name)")
    }
  }
}
