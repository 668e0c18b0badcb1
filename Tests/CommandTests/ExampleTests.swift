import Foundation
import SkeinFiles
import Testing

/// Every command that README and the help pages show is run, in their order.
@Suite struct ExampleTests {
  /// Lines that are not run, by their beginning, and why.
  private static let notRun = [
    "make train": "builds; CI runs it",
    "make test": "runs these tests",
    "make fashion": "installs a package of the system",
    "make peers": "takes half an hour and PyPI",
    "tensorboard ": "a program of others",
    "skein=": "names the program",
  ]

  /// What makes a command short, by options that its help page tells.
  private static func shortened(_ line: String) -> String {
    let words = line.split(separator: " ").drop { $0 != "skein" && $0 != "$skein" }.dropFirst()
    switch words.first {
    case "train" where !words.contains("--resume"): return line + " --set training.epochs=1"
    case "bench" where words.contains("--data"): return line + " --repeats 1"
    case "bench" where words.contains("--predict"):
      return line + " --repeats 1 --seconds 0.001"
    case "bench": return line + " --repeats 1 --steps 2"
    case "data" where ["import", "pack", "lines", "csv"].contains(words.dropFirst().first):
      return line + " --force"
    default: return line
    }
  }

  /// Runs `line`, and looks whether what it should write is there.
  private func run(_ line: String, in bench: Workbench) throws {
    let command = String(line.prefix { $0 != "#" })
    let outcome = try bench.shell(Self.shortened(command.trimmingCharacters(in: .whitespaces)))
    #expect(outcome.code == 0, "\(line): \(outcome.errors)")
    for match in command.matches(of: /(--out|--json|--svg|>) ([a-z.]+)/) {
      #expect(FileManager.default.fileExists(atPath: "\(bench.path)/\(match.2)"), "\(line)")
    }
    if line.contains("the same SHA-256 five times") {
      let digests = outcome.output.split(separator: "\n").filter { $0.contains("weights") }
      #expect(digests.count == 5 && Set(digests).count == 1, "\(outcome.output)")
    }
  }

  @Test func readmeCommandsDoWhatTheySay() throws {
    try Command.withFolder { folder in
      let bench = try Workbench(folder)
      for run in ["first", "second"] {
        #expect(try bench.shell("skein train Configs/lines.yaml --run Runs/\(run)").code == 0)
      }
      var ran = 0
      for line in try Self.codeLines() {
        if Self.notRun.keys.contains(where: line.hasPrefix) {
          try Self.checkMake(line)
          continue
        }
        guard line.hasPrefix("$skein ") else { continue }
        try run(line, in: bench)
        ran += 1
      }
      #expect(ran >= 10, "\(ran) commands")
    }
  }

  /// The output that README shows is what the command prints, but for its numbers.
  @Test func readmeShowsWhatTrainingPrints() throws {
    try Command.withFolder { folder in
      let outcome = try Workbench(folder).shell("skein train Configs/digits.yaml")
      func shape(_ line: String) -> String {
        line.replacing(/digits-[0-9-]+/, with: "digits-0").replacing(/[0-9]+(\.[0-9]+)?/, with: "0")
          .replacing(/0 [kM]?\/s/, with: "0/s")
      }
      let printed = Set(
        outcome.output.split(separator: "\n").map {
          shape($0.trimmingCharacters(in: .whitespaces))
        })
      let shown = try Self.codeLines().filter { line in
        ["digits:", "4000 ", "epoch ", "accuracy ", "best after", "split)", "run folder:", "page:"]
          .contains(where: line.hasPrefix)
      }
      #expect(shown.count == 8)
      for line in shown {
        let wanted = shape(line).replacing("0 threads", with: "0 thread")
        #expect(
          printed.contains { $0.replacing("0 threads", with: "0 thread") == wanted },
          "\(line)\n\(outcome.output)")
      }
    }
  }

  /// README's indented lines are commands, output of the one above, or a table of what is not run.
  @Test func everyLineOfReadmeIsKnown() throws {
    let known =
      Array(Self.notRun.keys) + [
        "$skein ", "digits:", "4000 ", "…", "threads:", "with ", "epoch ", "accuracy ",
        "best after", "split)", "run folder:", "page:",
        // What HashTests compare.
        "digits  ", "penguins", "digits+", "lines  ", "bench/",
      ]
    for line in try Self.codeLines() {
      #expect(known.contains(where: line.hasPrefix), "\(line): neither run nor listed as not run")
    }
  }

  @Test func helpPagesHaveExamplesThatRun() throws {
    try Command.withFolder { folder in
      let bench = try Workbench(folder)
      let before = [
        "skein train Configs/digits.yaml --run Runs/second --set training.epochs=1",
        "skein bench Configs/lines.yaml --threads 1,2 --repeats 1 --steps 2 --json scaling.json",
      ]
      for line in before { #expect(try bench.shell(line).code == 0, "\(line)") }
      for command in try Self.commands([]) {
        let help = try Command.run(command + ["--help"])
        let examples = help.output.split(separator: "\n", omittingEmptySubsequences: false)
          .drop { $0 != "Example:" }.dropFirst().prefix { $0.hasPrefix("  ") }
        #expect(!examples.isEmpty, "\(command)")
        for line in examples { try run(line.trimmingCharacters(in: .whitespaces), in: bench) }
      }
    }
  }

  /// All commands, from the lists of their help pages: [], ["train"], …, ["data", "show"].
  private static func commands(_ path: [String]) throws -> [[String]] {
    let help = try Command.run(path + ["--help"]).output
    let names = help.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0 != "SUBCOMMANDS:" }.dropFirst().prefix { !$0.isEmpty }
      .compactMap { $0.firstMatch(of: #/^  ([a-z]+) /#).map { String($0.1) } }
    return [path] + (try names.flatMap { try commands(path + [$0]) })
  }

  private static func codeLines() throws -> [String] {
    let text = try String(
      contentsOf: Command.root.appendingPathComponent("README.md"), encoding: .utf8)
    var isFenced = false
    return text.split(separator: "\n").compactMap { line in
      if line.hasPrefix("```") { isFenced.toggle() }
      guard !isFenced, line.hasPrefix("    ") else { return nil }
      return line.trimmingCharacters(in: .whitespaces)
    }
  }

  /// What is not run has at least its target in the Makefile.
  private static func checkMake(_ line: String) throws {
    guard let target = line.firstMatch(of: /^make ([a-z]+)/)?.1 else { return }
    let text = try String(
      contentsOf: Command.root.appendingPathComponent("Makefile"), encoding: .utf8)
    #expect(text.split(separator: "\n").contains { $0.hasPrefix("\(target):") }, "\(line)")
  }
}
