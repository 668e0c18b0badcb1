import Foundation
import SkeinTestSupport
import Testing

/// README's programs: what it shows is what is compiled, and it does what README says.
@Suite struct ReadmeTests {
  /// Every program that README shows is the main file of a target of its own, word for word.
  @Test func readmeShowsWhatIsCompiled() throws {
    let readme = try text("README.md")
    let shown = readme.matches(of: /```swift\n((?s:.*?))```/).map { String($0.1) }
    let compiled = try ["FromJob", "OwnArrays", "OwnLoop"].map {
      try text("Tests/ReadmePrograms/\($0)/main.swift")
    }
    #expect(shown == compiled)
  }

  private func text(_ file: String) throws -> String {
    try String(contentsOf: Repository.root.appendingPathComponent(file), encoding: .utf8)
  }

  /// Runs the programs one after the other in a folder of their own.
  private func run(_ programs: String..., check: (String, [String]) throws -> Void) throws {
    try Program.withFolder { folder in
      let outputs = try programs.map { try Program.run($0, in: folder) }
      try check(folder, outputs)
    }
  }

  @Test func aProgramTrainsFromAJobFileAndGoesOn() throws {
    try run("FromJob", "FromJob") { folder, outputs in
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
    try run("OwnArrays", "OwnArrays") { folder, outputs in
      #expect(outputs == ["inside\noutside\n", "inside\noutside\n"])
      // The command line does not have the arrays.
      for words in [["evaluate", "Runs/circle"], ["train", "--run", "Runs/circle", "--resume"]] {
        let refused = try Program.outcome("skein", words, in: folder)
        let text = refused.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(refused.code == 3, "\(text)")
        #expect(text.contains("samples came from a program"), "\(text)")
        #expect(text.contains("skein predict works"), "\(text)")
      }
    }
  }

  @Test func theLecturesLoopLearns() throws {
    try run("OwnLoop") { _, outputs in
      let losses = outputs[0].split(separator: "\n").compactMap { line in
        Double(line.split(separator: " ").last ?? "")
      }
      #expect(losses.count == 5 && zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
      #expect(losses.last ?? 9 < 0.6, "\(outputs)")
    }
  }
}
