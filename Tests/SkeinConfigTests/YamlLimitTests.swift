import Testing

@testable import SkeinConfig
@testable import SkeinFiles

/// How much a job file may hold: the parser's time grows with it.
@Suite struct YamlLimitTests {
  private let source = JobSource(name: "job.yaml", hasLines: true)

  /// Flow texts of exactly `count` tokens: "[", "a" and "," in turns, and "]".
  private func flow(_ count: Int) -> String {
    "[a" + String(repeating: ",a", count: (count - 3) / 2) + (count % 2 == 0 ? "," : "") + "]"
  }

  @Test func tokensAreCounted() throws {
    let most = YamlScan.maximumTokens
    for count in [3, 4, 5, most - 1, most] {
      #expect(throws: Never.self, "\(count) tokens") { try YamlScan.check(flow(count), source) }
    }
    for count in [most + 1, most + 2, 10 * most, 100_000] {
      let error = #expect(throws: JobError.self, "\(count) tokens") {
        try YamlScan.check(flow(count), source)
      }
      #expect("\(error as Any)".contains("more than \(most) keys and values"))
    }
  }

  /// The same of keys on lines of their own, through the way that job files take.
  @Test func aJobOfManyKeysIsRefusedAtOnce() throws {
    let text = (0..<YamlScan.maximumTokens).map { "key\($0): 1\n" }.joined()
    let errors = try JobFolder().errors(text)
    #expect(errors.count == 1 && "\(errors)".contains("keys and values"), "\(errors.prefix(3))")
  }
}
