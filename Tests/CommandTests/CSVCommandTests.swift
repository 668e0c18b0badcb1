import Foundation
import SkeinTestSupport
import Testing

/// `skein data csv`, and what is done with a dataset of a table.
@Suite struct CSVCommandTests {
  private static let penguins = "Datasets/penguins/penguins.csv"

  private static func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// The shipped dataset is the one that its command makes, and what is printed says it all.
  @Test func theShippedTablesAreMadeByTheirCommands() throws {
    try Command.withFolder { folder in
      for (target, name, more) in [
        ("species", "penguins", []), ("body_mass_g", "penguins-regression", ["--regression"]),
      ] {
        let out = "\(folder)/\(name)"
        let made = try Command.run(
          [
            "data", "csv", Self.penguins, out, "--target", target, "--ignore", "year", "--name",
            name, "--level", "19",
          ] + more)
        #expect(made.code == 0, "\(made.errors)")
        func shards(_ folder: String) throws -> [Substring] {
          let inspected = try Command.skein("data", "inspect", folder)
          #expect(inspected.code == 0, "\(inspected.errors)")
          return inspected.output.split(separator: "\n").filter { $0.contains("identity") }
        }
        #expect(try shards(out) == shards("Datasets/\(name)"))
        // The two rows without a bill have no mass either.
        #expect(
          made.words.contains("bill_length_mm number 2 missing") == more.isEmpty, "\(made.output)")
        #expect(made.words.contains("year left out as --ignore says"), "\(made.output)")
        #expect(made.words.contains("are held out as the split test, by seed 0"), "\(made.output)")
        #expect(try Command.skein("data", "verify", out).code == 0)
      }
    }
  }

  /// Trains in little time on the shipped table, and predicts from tables of any order.
  @Test func aRunReadsTables() throws {
    try Command.withFolder { folder in
      let run = "\(folder)/run"
      let trained = try Command.skein(
        "train", "Configs/penguins.yaml", "--run", run, "--set", "training.epochs=3")
      #expect(trained.code == 0, "\(trained.errors)")
      let data = try Command.skein("predict", run, Self.penguins, "--json")
      #expect(data.code == 0, "\(data.errors)")
      #expect(data.errors.contains("not used: \"year\""), "\(data.errors)")
      // Another order, another delimiter, no target, a column more, from standard input.
      let script = """
        awk -F, -v OFS=';' '{print $7, $2, "x" NR, $6, $5, $4, $3}' \(Self.penguins) \
          | "$0" predict "$1" - --json
        """
      let child = try Child(
        ["-c", script, Command.executable.path, run], executable: "/bin/bash")
      let turned = try child.wait()
      #expect(turned.code == 0, "\(turned.errors)")
      func rows(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { !$0.contains("\"file\"") }
      }
      #expect(rows(turned.output) == rows(data.output))
      #expect(rows(data.output).count > 344)
      let check = try Command.skein("check", "Configs/penguins.yaml")
      #expect(check.words.contains("6 columns of a table: 4 numbers, 2 categories with 5 levels"))
      let shown = try Command.skein("data", "show", "Datasets/penguins", "--rows", "0")
      #expect(shown.words.contains("0 Adelie island Torgersen, bill_length_mm 39.10"))
      // The samples of the dataset, as an array, are still taken.
      let array = try Command.unpack("Datasets/penguins/test-000-images.idx.zst")
      try Data(array).write(to: URL(fileURLWithPath: folder + "/test.idx"))
      let answers = try Command.skein("predict", run, folder + "/test.idx")
      #expect(answers.code == 0 && answers.output.split(separator: "\n").count == 69)
    }
  }

  @Test func tablesThatDoNotFitARunAreRefused() throws {
    try Command.withFolder { folder in
      let run = "\(folder)/run"
      let trained = try Command.skein(
        "train", "Configs/penguins.yaml", "--run", run, "--set", "training.epochs=1")
      #expect(trained.code == 0, "\(trained.errors)")
      let names = "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\n"
      for (text, words) in [
        ("island,sex\nDream,male\n", "expected columns \"bill_length_mm\""),
        (names + "Dream,39,18,long,3700,male\n", "/n.csv:2:13: column \"flipper_length_mm\""),
        (names + "Dream,39,18,181,3700\n", "/n.csv:2:21: expected 6 fields"),
        (names + "Dream,39,18,181,\"3700,male\n", "/n.csv:2:17: expected a quote"),
        // Grams where kilograms were meant, a thousand times as much.
        (names + "Dream,39,18,181,3750000,male\n", "values like those it was trained on"),
      ] {
        try Self.write(text, folder + "/n.csv")
        let outcome = try Command.skein("predict", run, folder + "/n.csv")
        #expect(outcome.code == 3 && outcome.errors.contains(words), "\(outcome)")
      }
      // Another table's means would make other samples of the same rows.
      let made = try Command.skein(
        "data", "csv", Self.penguins, folder + "/other", "--target", "species", "--ignore",
        "year", "--seed", "1")
      #expect(made.code == 0, "\(made.errors)")
      let evaluated = try Command.skein("evaluate", run, "--data", folder + "/other")
      #expect(evaluated.code == 3 && evaluated.errors.contains("--test-file"), "\(evaluated)")
      let own = try Command.skein("evaluate", run, "--data", "Datasets/penguins")
      #expect(own.code == 0, "\(own.errors)")
    }
  }

  @Test func wrongUseIsTold() throws {
    try Command.withFolder { folder in
      let cases: [([String], Int32, String)] = [
        (["--test", "1.5"], 2, "--test wants a part of the rows"),
        (["--test", "0.2", "--test-file", "x.csv"], 2, "exclude each other"),
        (["--delimiter", "ab"], 2, "--delimiter wants one character"),
        (["--delimiter", "5"], 2, "--delimiter wants one character"),
        (["--decimal", ";"], 2, "--decimal wants . or a comma"),
        (["--decimal", ",", "--delimiter", ","], 2, "different characters"),
        (["--ignore", "\"a"], 2, "--ignore wants parts between commas"),
        (["--test-file", "none.csv"], 3, "nothing of that name"),
        (["--categories", "Island"], 3, "did you mean \"island\"?"),
      ]
      for (words, code, message) in cases {
        let outcome = try Command.run(
          ["data", "csv", Self.penguins, folder + "/out", "--target", "species"] + words)
        #expect(outcome.code == code && outcome.errors.contains(message), "\(words): \(outcome)")
        #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
      }
      let child = try Child(
        [
          "-c", "cat \(Self.penguins) | \"$0\" data csv - \"$1/out\" --target species",
          Command.executable.path, folder,
        ], executable: "/bin/bash")
      let piped = try child.wait()
      #expect(piped.code == 3 && piped.errors.contains("save it as a file first"), "\(piped)")
    }
  }

  /// A file much larger than what it may use of memory.
  @Test func memoryIsBounded() throws {
    try Command.withFolder { folder in
      let script = """
        awk 'BEGIN { print "a,b,c,d,y"; for (i = 0; i < 1500000; i++) \
          printf "%d,%.6f,%s,\\"t %d\\",%d\\n", \
            i % 1000, i / 7, (i % 3 ? "u" : "v"), i % 5, i % 2 }' \
          > "$1/t.csv"
        stat -c %s "$1/t.csv"
        ulimit -v 400000
        exec "$0" data csv "$1/t.csv" "$1/out" --target y --test 0.1
        """
      let child = try Child(
        ["-c", script, Command.executable.path, folder], executable: "/bin/bash")
      let outcome = try child.wait(atMost: 120)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("1350000 samples"), "\(outcome.output)")
    }
  }

  @Test func aSignalLeavesNothingBehind() throws {
    try Command.withFolder { folder in
      let rows = (0..<400_000).map { "\($0 % 97),\($0 % 89),\($0 % 2)\n" }.joined()
      try Self.write("a,b,y\n" + String(repeating: rows, count: 6), folder + "/t.csv")
      let child = try Command.start(
        ["data", "csv", folder + "/t.csv", folder + "/out", "--target", "y", "--level", "19"])
      waitForFile(folder + "/out")
      #expect(child.signal(SIGTERM, after: 0.1))
      let outcome = try child.wait(atMost: 60)
      #expect(outcome.code == 143 && outcome.errors.contains("nothing was written"), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    }
  }

  /// What a table's names hold reaches no terminal as it is.
  @Test func hiddenCharactersAreShown() throws {
    try Command.withFolder { folder in
      let escape = "\u{1B}[31mred"
      try Self.write(
        "\(escape),c,y\n1,\(escape),\(escape)\n2,u,p\n3,u,p\n", folder + "/t.csv")
      let made = try Command.skein(
        "data", "csv", folder + "/t.csv", folder + "/out", "--target", "y", "--test", "0")
      #expect(made.code == 0, "\(made.errors)")
      let outputs = [
        made, try Command.skein("data", "inspect", folder + "/out"),
        try Command.skein("data", "show", folder + "/out"),
        try Command.skein("data", "csv", folder + "/t.csv", folder + "/no", "--target", "z"),
      ]
      for outcome in outputs {
        #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
        #expect((outcome.output + outcome.errors).contains("\\u{1B}"))
      }
    }
  }
}
