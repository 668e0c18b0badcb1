import Foundation
import Testing

/// The bits of the shipped jobs are those in README, whatever the processor and however many
/// threads train. They change with `Kernels.numerics` alone.
@Suite struct HashTests {
  /// One line of README's list.
  struct Line: Sendable, CustomTestStringConvertible {
    let job: String
    let steps: String
    let hash: String

    var testDescription: String { job }
  }

  static let lines: [Line] = {
    let readme = Command.root.appendingPathComponent("README.md")
    let text = (try? String(contentsOf: readme, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard line.hasPrefix("    "), words.count == 3, words[2].count == 64,
        words[2].allSatisfy({ $0.isHexDigit })
      else { return nil }
      return Line(job: words[0], steps: words[1], hash: words[2])
    }
  }()

  @Test func everyShippedJobIsListed() throws {
    let folder = Command.root.appendingPathComponent("Configs").path
    let jobs = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    // The two others train on datasets that are not in the repository.
    #expect(Set(Self.lines.map(\.job)) == Set(jobs).subtracting(["mnist", "fashion-mnist"]))
  }

  @Test(.timeLimit(.minutes(5)), arguments: lines)
  func everyThreadCountGivesTheListedBits(line: Line) throws {
    let found = try Command.skein(
      "verify", "Configs/\(line.job).yaml", "--threads", "1,2,3,8", "--steps", line.steps)
    #expect(found.code == 0, "\(found.errors)")
    let hashes = found.output.matches(of: /weights +([0-9a-f]{64})/).map { String($0.1) }
    #expect(hashes == [String](repeating: line.hash, count: 4))
  }
}
