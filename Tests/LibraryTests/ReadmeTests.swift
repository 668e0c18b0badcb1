import Foundation
import SkeinTestSupport
import Testing

/// README's programs: what it shows is what is compiled, and it does what README says.
@Suite struct ReadmeTests {
  /// The lines between the braces of the first function in `file` of the examples, as README has
  /// them.
  private static func body(_ file: String) throws -> String {
    let text = try String(
      contentsOf: Repository.root.appendingPathComponent("Tests/LibraryExamples/\(file)"),
      encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("func ") })
    let end = try #require(lines.lastIndex(of: "}"))
    return lines[(start + 1)..<end].map {
      $0.hasPrefix("  ") ? String($0.dropFirst(2)) : String($0)
    }
    .joined(separator: "\n")
  }

  @Test(arguments: ["FromJob.swift", "OwnArrays.swift", "OwnLoop.swift"])
  func readmeShowsWhatIsCompiled(file: String) throws {
    let readme = try String(
      contentsOf: Repository.root.appendingPathComponent("README.md"), encoding: .utf8)
    let body = try Self.body(file)
    #expect(readme.contains("```swift\nimport Skein\n\n\(body)\n```"), "\(body)")
  }

  /// Runs the examples one after the other in a folder of their own.
  private func run(_ examples: String..., check: (String, [String]) throws -> Void) throws {
    try Program.withFolder { folder in
      let outputs = try examples.map { try Program.run("LibraryExamples", $0, in: folder) }
      try check(folder, outputs)
    }
  }

  @Test func aProgramTrainsFromAJobFileAndGoesOn() throws {
    try run("job", "job") { folder, outputs in
      // The second program finds the run finished, and knows the best epoch from the folder.
      #expect(outputs[0].contains("epoch 3, best 0.9"), "\(outputs)")
      #expect(outputs[0].contains("it is a "), "\(outputs)")
      #expect(outputs[1] == outputs[0])
      for file in ["report.html", "metrics.jsonl", "checkpoints/best.safetensors", "job.yaml"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/Runs/digits/\(file)"), "\(file)")
      }
    }
  }

  @Test func aProgramTrainsOnItsOwnArrays() throws {
    try run("arrays", "arrays") { _, outputs in
      #expect(outputs == ["inside\noutside\n", "inside\noutside\n"])
    }
  }

  @Test func theLecturesLoopLearns() throws {
    try run("loop") { _, outputs in
      let losses = outputs[0].split(separator: "\n").compactMap { line in
        Double(line.split(separator: " ").last ?? "")
      }
      #expect(losses.count == 5 && zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
      #expect(losses.last ?? 9 < 0.6, "\(outputs)")
    }
  }
}
