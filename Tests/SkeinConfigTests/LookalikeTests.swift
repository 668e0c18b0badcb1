import Foundation
import Testing

@testable import SkeinConfig
@testable import SkeinFiles

/// Characters that look like those that were meant, tabs, line ends and home folders.
@Suite struct LookalikeTests {
  private static let rest = "data: {path: /x}\nmodel: {hidden: [4]}\n"

  private func errors(_ text: String) throws -> [JobError] {
    try JobFolder().errors(text)
  }

  @Test(
    arguments: [
      ("seed:\u{A0}1\n", 1, 6, "no-break space, U+00A0"),
      ("\u{A0}seed: 1\n", 1, 1, "no-break space, U+00A0"),
      ("seed: 1\u{202F}\n", 1, 8, "no-break space, U+202F"),
      ("training: {epochs: 3,\u{3000}batchSize: 5}\n", 1, 22, "wide space, U+3000"),
      ("name: “digits”\n", 1, 7, "curly quote, U+201C"),
      ("name: ‘digits’\n", 1, 7, "curly quote, U+2018"),
      ("optimizer: {learningRate: 1e–4}\n", 1, 29, "en dash, U+2013"),
      ("optimizer: {learningRate: −0.1}\n", 1, 27, "special minus, U+2212"),
      ("seed： 1\n", 1, 5, "wide colon, U+FF1A"),
      ("training:\n\tepochs: 3\n", 2, 1, "a tab"),
      ("training:\n  \tepochs: 3\n", 2, 3, "a tab"),
    ] as [(String, Int, Int, String)])
  func whatIsNotMeantIsNamed(text: String, line: Int, column: Int, name: String) throws {
    let found = try errors(text + Self.rest)
    let error = try #require(found.first)
    #expect(error.line == line && error.column == column, "\(error)")
    #expect(error.message.contains(name) && error.suggestion != nil, "\(error)")
  }

  @Test(arguments: [
    "name: don’t\n", "name: 2020–2024\n", "name: Größe\n", "name: \"“digits”\"\n",
    "# a\u{A0}comment – with “quotes”\n", "seed: 1\t# a tab before a comment\n",
    "seed: 1\r\nname: x\r\n", "\u{FEFF}seed: 1\n",
  ])
  func whatIsMeantPasses(text: String) throws {
    #expect(try errors(text + Self.rest).isEmpty)
  }

  @Test func settingsAreLookedAtToo() throws {
    for (setting, name) in [
      ("seed=\u{A0}5", "U+00A0"), ("“seed=5", "U+201C"), ("optimizer.learningRate=1e—3", "U+2014"),
      ("name=”a", "U+201D"),
    ] {
      var reader = JobReader(defaults: .defaults(name: "x"))
      reader.read(setting: setting)
      #expect("\(reader.errors)".contains(name), "\(setting): \(reader.errors)")
    }
  }

  @Test func homeFoldersAreFound() {
    let home = ProcessInfo.processInfo.environment["HOME"] ?? "~"
    #expect(JobPath.resolve("~/x", from: "/a") == (home == "~" ? "/a/~/x" : home + "/x"))
    #expect(JobPath.resolve("./~/x", from: "/a") == "/a/~/x")
    #expect(JobPath.resolve("~x", from: "/a") == "/a/~x")
    #expect(HomeFolder.expanding("~") == home)
  }
}
