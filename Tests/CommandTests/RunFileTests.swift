import Foundation
import SkeinFiles
import Testing

/// What a run and a benchmark leave, with other numbers in it, keys less, or lines cut: commands
/// that read it end by themselves and name the file, and the line or the key.
@Suite struct RunFileTests {
  private static let values = [
    "0", "-1", "2147483648", "9007199254740992", "4611686018427387904", "9223372036854775807",
    "9223372036854775808", "1e300", "0.5", "\"x\"", "null", "[]", "{}", "true",
  ]

  private static func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// The members of the JSON object `line`, which holds no other object: `"key":value` each.
  private static func members(_ line: String) -> [Substring] {
    line.matches(of: /"[A-Za-z]+":(\[.*?\]|[^,\[\]{}]+)/).map(\.0)
  }

  /// Runs `commands` with `$1` for `path`; each must end by itself.
  private static func run(_ commands: [[String]], _ path: String) throws -> [Outcome] {
    try commands.map { words in
      let arguments = words.map { $0 == "$1" ? path : $0 }
      let child = try Command.start(arguments)
      let outcome = try child.wait(atMost: 60)
      #expect(child.endedByItself && (0...8).contains(outcome.code), "\(arguments)")
      return outcome
    }
  }

  private static func withRun(_ body: (_ folder: String, _ run: String) throws -> Void) throws {
    try Command.withFolder { folder in
      let outcome = try Command.skein(
        "train", "Configs/lines.yaml", "--run", folder + "/run", "--set", "training.epochs=2",
        "--threads", "1")
      #expect(outcome.code == 0, "\(outcome.errors)")
      try body(folder, folder + "/run")
    }
  }

  private static let readers = [
    ["report", "$1"], ["plot", "curves", "$1"], ["plot", "compare", "$1", "$1"],
    ["train", "--run", "$1", "--resume"], ["plot", "norms", "$1"],
  ]

  /// Numbers that no epoch has, and epochs out of their turn, are faults with their line.
  @Test func metricsThatCannotBeAreRefused() throws {
    try Self.withRun { _, run in
      let file = run + "/metrics.jsonl"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let lines = text.split(separator: "\n").map(String.init)
      let wrong = lines[1].replacing(/"testAccuracy":[^,]+/, with: "\"testAccuracy\":7")
      for changed in [[lines[0], wrong], [lines[0], lines[0]], [lines[1], lines[0]]] {
        try Self.write(changed.joined(separator: "\n") + "\n", file)
        for command in [["report", run], ["plot", "curves", run]] {
          let outcome = try Command.run(command)
          #expect(outcome.code == 6 && outcome.errors.contains("line 2"), "\(outcome.errors)")
        }
      }
      try Self.write([lines[0], wrong].joined(separator: "\n") + "\n", file)
      let resumed = try Command.skein("train", "--run", run, "--resume")
      #expect(!resumed.output.contains("700"), "\(resumed.output)")
    }
  }

  @Test func numbersInMetrics() throws {
    try Self.withRun { _, run in
      let file = run + "/metrics.jsonl"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let lines = text.split(separator: "\n").map(String.init)
      let members = Self.members(lines[1])
      #expect(lines.count == 2 && members.count >= 10, "\(members)")
      var turn = 0
      for member in members {
        let key = member.prefix { $0 != ":" }
        for value in 0..<3 {
          let changed = lines[1].replacing(
            member, with: "\(key):\(Self.values[(turn + value) % Self.values.count])")
          try Self.write(lines[0] + "\n" + changed + "\n", file)
          for outcome in try Self.run([Self.readers[turn % 5]], run) where outcome.code != 0 {
            #expect(outcome.code == 6 && outcome.errors.contains("line 2"), "\(outcome.errors)")
          }
          turn += 1
        }
      }
    }
  }

  @Test func keysAndLinesOfMetrics() throws {
    try Self.withRun { _, run in
      let file = run + "/metrics.jsonl"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let lines = text.split(separator: "\n").map(String.init)
      let drawn = Array(Self.readers[..<3])
      for key in ["epoch", "step", "trainLoss", "trainAccuracy", "samplesPerSecond", "seconds"] {
        for other in ["", "\"\(key)\":null,", "\"\(key)\":\"x\","] {
          let changed = lines[0].replacing(try Regex("\"\(key)\":[^,}]+,?"), with: other)
          #expect(changed != lines[0])
          try Self.write(changed + "\n" + lines[1] + "\n", file)
          for outcome in try Self.run([drawn[other.count % 3]], run) {
            #expect(outcome.code == 6 && outcome.errors.contains("metrics.jsonl: line 1"))
          }
        }
      }
      // A key that comes again, in other letters for the same one.
      for twice in ["\"epoch\":7,", "\"e\\u0070och\":7,"] {
        try Self.write(lines[0] + "\n{" + twice + lines[1].dropFirst() + "\n", file)
        for outcome in try Self.run(drawn, run) {
          #expect(outcome.code == 6 && outcome.errors.contains("line 2"), "\(outcome.errors)")
          #expect(outcome.errors.contains("the key \"epoch\" twice"), "\(outcome.errors)")
        }
      }
      // The last line of a run that was killed may be cut off; another one not.
      for length in stride(from: 1, to: min(lines[0].count, lines[1].count), by: 40) {
        try Self.write(lines[0] + "\n" + lines[1].prefix(length), file)
        #expect(try Self.run(Self.readers, run).allSatisfy { $0.code == 0 }, "\(length)")
        try Self.write(lines[0].prefix(length) + "\n" + lines[1] + "\n", file)
        let outcome = try Self.run([["report", "$1"]], run)[0]
        #expect(outcome.code == 6 && outcome.errors.contains("line 1"), "\(outcome.errors)")
      }
    }
  }

  @Test func numbersAndKeysOfABenchmark() throws {
    try Command.withFolder { folder in
      let file = folder + "/b.json"
      let outcome = try Command.skein(
        "bench", "Configs/lines.yaml", "--threads", "1,2", "--repeats", "1", "--steps", "1",
        "--json", file)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let scaling = [["plot", "scaling", "$1"]]
      #expect(try Self.run(scaling, file)[0].code == 0)
      for key in ["threads", "speedup", "efficiency", "spread", "cores", "samplesPerSecond"] {
        let member = try Regex("\"\(key)\" ?: ?[^,\n]+")
        for value in Self.values {
          try Self.write(
            text.replacing(member, with: "\"\(key)\": \(value)", maxReplacements: 1), file)
          let outcome = try Self.run(scaling, file)[0]
          // Of a number that does not fit the parser tells nothing.
          let named = outcome.errors.contains(key) || Double(value) != nil
          #expect(outcome.code == 0 || outcome.code == 2 && named, "\(outcome.errors)")
          #expect(outcome.code == 0 || outcome.errors.contains("b.json"), "\(outcome.errors)")
        }
        try Self.write(text.replacing("\"\(key)\"", with: "\"other\""), file)
        let lacking = try Self.run(scaling, file)[0]
        #expect(lacking.code == 2 && lacking.errors.contains("the key \"\(key)\""), "\(key)")
      }
      try Self.write("{\"job\": \"other\"," + text.dropFirst(), file)
      let twice = try Self.run(scaling, file)[0]
      #expect(twice.code == 2 && twice.errors.contains("the key \"job\" is there twice"))
      for length in stride(from: 0, to: text.count - 2, by: 97) {
        try Self.write(String(text.prefix(length)), file)
        #expect(try Self.run(scaling, file)[0].code == 2, "\(length)")
      }
    }
  }

  @Test func dataJSONIsTakenAsItWasWritten() throws {
    try Self.withRun { folder, run in
      let file = run + "/data.json"
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let numbers = text.matches(of: /"[a-zA-Z]+":(-?[0-9.]+|\[[0-9,]+\])/).map(\.0)
      #expect(numbers.count >= 4, "\(text)")
      let readers = [["evaluate", "$1"], ["train", "--run", "$1", "--resume"]]
      var mutants = numbers.enumerated().flatMap { index, member in
        let key = member.prefix { $0 != ":" }
        return (0..<4).map {
          text.replacing(
            member, with: "\(key):\(Self.values[(4 * index + $0) % Self.values.count])")
        }
      }
      mutants.append(text.replacing("{\"contents\":{", with: "{\"contents\":{\"scale\":9,"))
      mutants.append(text.replacing("{\"contents\"", with: "{\"sha256\":\"x\",\"contents\""))
      mutants.append(String(text.dropLast(20)))
      for (index, mutant) in mutants.enumerated() where mutant != text {
        try Self.write(mutant, file)
        let outcome = try Self.run([readers[index < 3 ? 1 : 0]], run)[0]
        #expect(outcome.code == 6 || index < 3, "\(mutant)")
        #expect(outcome.code == 0 || outcome.errors.contains("data.json"), "\(outcome.errors)")
        if index < 3 { try Self.write(text, file) }
      }
    }
  }
}
