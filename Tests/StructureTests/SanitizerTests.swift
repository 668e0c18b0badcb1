import Foundation
import SkeinTestSupport
import Testing

/// The suites that the thread sanitizer watches are there: a filter of suites that nobody has any
/// more runs nothing, and passes.
@Suite struct SanitizerTests {
  @Test func everySuiteUnderTheThreadSanitizerExists() throws {
    let makefile = try String(
      contentsOf: Repository.root.appendingPathComponent("Makefile"), encoding: .utf8)
    let line = try #require(makefile.firstMatch(of: /TSAN_SUITES := ((?:.*\\\n)*.*)\n/))
    let suites = line.1.replacing("\\\n", with: " ").split(separator: " ")
    #expect(suites.count >= 7)
    for suite in suites {
      let parts = suite.split(separator: ".")
      try #require(parts.count == 2, "\(suite)")
      let file = Repository.root.appendingPathComponent("Tests/\(parts[0])/\(parts[1]).swift")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains("struct \(parts[1]) {"), "\(suite)")
    }
  }
}
