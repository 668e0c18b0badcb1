import Foundation
import SkeinKernels
import SkeinTestSupport
import Testing

/// The bits of the shipped jobs are those in README, whatever the processor and however many
/// threads train. They change with `Kernels.numerics` alone.
@Suite struct HashTests {
  /// One line of README's list.
  struct Line: Sendable, CustomTestStringConvertible {
    let job: String
    /// `digits+bf16` stands for digits with training.bf16.
    let settings: [String]
    let steps: String
    let hash: String

    var testDescription: String { ([job] + settings).joined(separator: " ") }
  }

  static let lines: [Line] = {
    let readme = Command.root.appendingPathComponent("README.md")
    let text = (try? String(contentsOf: readme, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard line.hasPrefix("    "), words.count == 3, words[2].count == 64,
        words[2].allSatisfy({ $0.isHexDigit })
      else { return nil }
      let parts = words[0].split(separator: "+").map(String.init)
      return Line(
        job: parts[0], settings: parts.dropFirst().flatMap { ["--set", "training.\($0)=true"] },
        steps: words[1], hash: words[2])
    }
  }()

  @Test func everyShippedJobIsListed() throws {
    let folder = Command.root.appendingPathComponent("Configs").path
    let jobs = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    // The two others train on datasets that are not in the repository.
    #expect(
      Set(Self.lines.filter { $0.settings.isEmpty }.map(\.job))
        == Set(jobs).subtracting(["mnist", "mnist-fast", "fashion-mnist"]))
  }

  /// Every thread count, with each set of instructions that the processor has. The baseline, which
  /// is slow, takes one thread count, and the widest network not at all.
  @Test(.timeLimit(.minutes(5)), arguments: lines)
  func everyThreadCountGivesTheListedBits(line: Line) throws {
    let threads = ["1", "2", "3", "8", "16", "64"]
    let sets = InstructionSet.present.filter { $0 != .baseline }
    if !sets.isEmpty {
      let hashes = try hashes(line, threads, sets)
      #expect(hashes == [String](repeating: line.hash, count: threads.count * sets.count))
    }
    if sets.isEmpty || line.job != "bench/wide" {
      #expect(try hashes(line, ["3"], [.baseline]) == [line.hash])
    }
  }

  /// The optimizers, schedules, losses and what is beside them, in jobs that `Tests/Goldens` has:
  /// the same bits with each set of instructions, and with one thread and several.
  @Test(.timeLimit(.minutes(5)), arguments: TrainingGolden.all)
  func everyFeatureHasTheSameBits(golden: TrainingGolden) throws {
    try TemporaryFolder.with { folder in
      let job = "\(folder)/golden.yaml"
      try golden.yaml.write(toFile: job, atomically: true, encoding: .utf8)
      let sets = InstructionSet.present.map(\.rawValue).joined(separator: ",")
      let found = try Command.run([
        "verify", job, "--set", "data.path=Datasets/digits", "--set", "model.hidden=[256,128]",
        "--threads", "1,3", "--instructions",
        sets, "--steps", "40",
      ])
      #expect(found.code == 0, "\(found.output) \(found.errors)")
      let hashes = found.output.matches(of: /weights +([0-9a-f]{64})/).map { String($0.1) }
      #expect(hashes.count == 2 * InstructionSet.present.count)
      #expect(Set(hashes).count == 1)
    }
  }

  private func hashes(
    _ line: Line, _ threads: [String], _ sets: [InstructionSet]
  ) throws -> [String] {
    let found = try Command.run(
      ["verify", "Configs/\(line.job).yaml", "--threads", threads.joined(separator: ",")]
        + ["--instructions", sets.map(\.rawValue).joined(separator: ","), "--steps", line.steps]
        + line.settings)
    #expect(found.code == 0, "\(found.errors)")
    for set in sets {
      let count = found.output.matches(of: /threads?, ([A-Za-z0-9-]+), [0-9]+ step/)
        .count { $0.1 == set.name }
      #expect(count == threads.count, "\(set.name)")
    }
    return found.output.matches(of: /weights +([0-9a-f]{64})/).map { String($0.1) }
  }

  /// What the processor lacks is named, and what is no set of instructions is refused.
  @Test func instructionsAreChosenByName() throws {
    let all = InstructionSet.allCases.map(\.rawValue).joined(separator: ",")
    let mixed = try Command.skein(
      "verify", "Configs/lines.yaml", "--threads", "1", "--instructions", all, "--steps", "2")
    #expect(mixed.code == 0, "\(mixed.errors)")
    let present = InstructionSet.present
    for set in InstructionSet.allCases where !present.contains(set) {
      #expect(mixed.output.contains("\(set.name): skipped, this processor lacks it"))
    }
    let names = present.map(\.name).joined(separator: ", ")
    #expect(mixed.words.contains("the same bits with 1 thread on \(names) "))
    let alone = try Command.skein(
      "verify", "Configs/lines.yaml", "--threads", "1", "--instructions", "baseline", "--steps",
      "2")
    #expect(
      alone.code == 0 && alone.words.contains("nothing to compare it with; see --threads and"))
    let missing = InstructionSet.allCases.filter { !present.contains($0) }.map(\.rawValue)
    let wrong = [
      ("avx512,avx22", "did you mean avx2?"), ("sse9", "there are avx512, avx2, neon, baseline"),
      ("", "there are avx512"), ("avx2,", "unknown set ''"),
      (missing.joined(separator: ","), "this processor has \(present[0].rawValue)"),
    ]
    for (argument, text) in wrong where !(argument.isEmpty && text.hasPrefix("this")) {
      let outcome = try Command.skein(
        "verify", "Configs/lines.yaml", "--instructions", argument, "--steps", "1")
      #expect(outcome.code == 2 && outcome.output.isEmpty, "\(argument)")
      #expect(outcome.errors.contains(text), "\(argument): \(outcome.errors)")
    }
  }
}
