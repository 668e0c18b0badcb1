import Testing

@testable import SkeinReport

@Suite struct MarkupTests {
  @Test func whatMeansSomethingInMarkupIsEscaped() {
    #expect(Markup.escaped("<a b='c'>&\"\u{1B}") == "&lt;a b=&#39;c&#39;&gt;&amp;&quot;\u{FFFD}")
    #expect(Markup.embedded(json: "\"</script>&\"") == "\"\\u003c/script\\u003e\\u0026\"")
  }
}
