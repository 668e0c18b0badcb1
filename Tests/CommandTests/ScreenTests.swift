import Foundation
import SkeinFiles
import Testing

/// What commands show on terminals of 80, 40 and 20 columns, and in a pipe.
@Suite struct ScreenTests {
  private func expectFit(_ lines: [String], _ columns: Int, _ arguments: [String]) {
    for line in lines {
      #expect(line.columns <= columns, "\(columns) columns: \(arguments): \(line)")
    }
    #expect(!lines.isEmpty, "\(arguments)")
  }

  /// Where a label fills its column, its text goes on at the left edge of the label.
  @Test func helpStandsInColumns() throws {
    for command in [
      ["train"], ["data", "pack"], ["data", "import"], ["data", "lines"], ["plot"],
    ] {
      let lines = try Pty.lines(command + ["--help"], columns: 80)
      let options = lines.drop { $0 != "ARGUMENTS:" }
      #expect(options.count > 5)
      for line in options { #expect(!line.contains(/^ {3,7}\S/), "\(command): \(line)") }
    }
  }

  /// Whether success shows nothing.
  private func isSilent(_ arguments: [String]) -> Bool {
    arguments.prefix(2) == ["plot", "curves"]
  }

  /// A program that reads the rows gets all of a name, and a terminal what fits.
  @Test func predictionsAreShortenedOnTerminalsOnly() throws {
    try Command.withFolder { folder in
      let (data, run) = (folder + "/data", folder + "/run")
      let images = folder + "/" + String(repeating: "i", count: 100) + ".idx"
      let labels = folder + "/y.idx"
      try Data([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 1, 0]).write(
        to: URL(fileURLWithPath: images))
      try Data([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]).write(to: URL(fileURLWithPath: labels))
      let names = ["a", "b"].map { "first-" + String(repeating: $0, count: 60) + "-last" }
      for arguments in [
        [
          "data", "pack", data, "--images", images, "--labels", labels, "--classes",
          names.joined(separator: ","),
        ],
        [
          "train", "Configs/lines.yaml", "--run", run, "--set", "data.path=\(data)", "--set",
          "data.test=null", "--set", "training.epochs=1",
        ],
      ] {
        let outcome = try Command.run(arguments)
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
      let piped = try Command.skein("predict", run, images)
      #expect(piped.output.split(separator: "\n").count == 2)
      #expect(piped.output.contains(images) && piped.output.contains(/first-(a|b){60}-last/))
      let lines = try Pty.lines(["predict", run, images], columns: 80)
      #expect(lines.count == 2, "\(lines)")
      for line in lines {
        #expect(line.columns <= 80 && line.contains(/first-.*…[ab]*-last  0\.\d{4}$/), "\(line)")
        #expect(line.contains(/^\/.*…i*\.idx  \d  first/), "\(line)")
      }
    }
  }

  /// An error takes the place of the live line, and is not glued to it.
  @Test func anErrorStandsOnALineOfItsOwn() throws {
    try Command.withFolder { folder in
      let lines = try Pty.lines(
        [
          "train", "Configs/digits.yaml", "--run", folder + "/run", "--threads", "1", "--set",
          "optimizer.learningRate=1e6", "--set", "model.hidden=[2048,2048]", "--set",
          "model.activation=leakyRelu",
        ], columns: 80)
      let isLive = lines.contains { $0.hasPrefix("epoch 1/") && $0.contains("  loss ") }
      #expect(isLive, "no live line: \(lines)")
      #expect(lines.contains { $0.hasPrefix("skein: layers.") }, "\(lines)")
    }
  }

  @Test(arguments: [20, 40, 80, 200])
  func everyScreenFits(columns: Int) throws {
    try Command.withFolder { folder in
      let (run, data, named) = (folder + "/run", folder + "/data", folder + "/named")
      let names = ["猫猫猫猫猫猫猫猫猫猫", "na\u{308}ive"].joined(separator: ",")
      let images = folder + "/x.idx"
      let labels = folder + "/y.idx"
      try Data([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 1, 0]).write(
        to: URL(fileURLWithPath: images))
      try Data([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]).write(to: URL(fileURLWithPath: labels))
      let long = String(repeating: "n", count: 150)
      let commands: [[String]] = [
        [
          "train", "Configs/digits.yaml", "--run", run, "--set", "training.epochs=3", "--set",
          "name=\(long)",
        ],
        ["evaluate", run], ["report", run],
        ["check", "Configs/digits.yaml", "--set", "name=\(long)"],
        ["verify", "Configs/lines.yaml", "--steps", "2", "--threads", "1,2"],
        [
          "bench", "Configs/lines.yaml", "--steps", "2", "--repeats", "1", "--weak", "--set",
          "name=\(long)",
        ],
        ["bench", "--data", "Datasets/lines", "--repeats", "1"],
        ["data", "inspect", "Datasets/digits"], ["data", "inspect", labels],
        ["data", "verify", "Datasets/lines"], ["data", "show", "Datasets/lines", "--count", "3"],
        [
          "data", "pack", data, "--images", images, "--labels", labels, "--classes", names,
          "--provenance", long,
        ],
        ["data", "inspect", data], ["data", "show", data],
        [
          "train", "Configs/lines.yaml", "--run", named, "--set", "data.path=\(data)", "--set",
          "data.test=null", "--set", "training.epochs=1", "--set", "loss=meanSquaredError",
        ],
        ["evaluate", named], ["predict", named, images, "--allow-changes"],
        ["predict", named, images, "--hidden"], ["predict", named, labels],
        ["check", named + "/job.yaml"],
        ["data", "lines", folder + "/lines", "--seed", "1", "--train", "5", "--test", "0"],
        ["data", "import", folder, folder + "/imported"],
        ["plot", "curves", run, "--out", folder + "/curves.svg"], ["plot", "norms", data],
        ["bench", "Configs/lines.yaml", "--svg", "x.png"], ["verify", "Configs/lines.yaml", "-x"],
        ["trian"], ["train", "--frob"], ["plot", "curvs"], ["train", "nowhere-\(long).yaml"],
        ["evaluate", folder], ["data", "show", data, "--rows", "7"], ["--version"],
      ]
      let words = [
        [], ["train"], ["evaluate"], ["predict"], ["check"], ["verify"], ["bench"], ["report"],
        ["plot"], ["data"], ["data", "lines"], ["data", "pack"], ["data", "import"],
        ["data", "inspect"], ["data", "verify"], ["data", "show"],
      ]
      let helps = columns == 20 ? [] : words.map { $0 + ["--help"] }
      for arguments in commands + helps where !isSilent(arguments) {
        expectFit(try Pty.lines(arguments, columns: columns), columns, arguments)
      }
    }
  }

  @Test func aPipeIsEightyColumnsWide() throws {
    for arguments in [
      ["check", "Configs/digits.yaml"],
      ["bench", "Configs/lines.yaml", "--steps", "2", "--repeats", "1"],
      ["data", "inspect", "Datasets/digits"], ["train", "--help"], ["bench", "--help"],
    ] {
      let outcome = try Command.run(arguments)
      #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
      expectFit(outcome.output.split(separator: "\n").map(String.init), 80, arguments)
    }
  }

  /// More threads than cores are never at work, and a line says so.
  @Test func threadsBeyondTheCoresAreTold() throws {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    try Command.withFolder { folder in
      let trained = try Command.skein(
        "train", "Configs/lines.yaml", "--run", folder + "/run", "--threads", "200", "--set",
        "training.epochs=1", "--set", "report.history=false")
      #expect(trained.output.contains("200 threads asked for, at most "), "\(trained.output)")
      let workers = try String(contentsOfFile: folder + "/run/metrics.jsonl", encoding: .utf8)
        .firstMatch(of: /"threads": ?(\d+)/)?.1
      #expect((1...cores).contains(Int(workers ?? "") ?? 0))
      let checked = try Command.skein("check", "Configs/lines.yaml", "--threads", "200")
      #expect(
        checked.output.contains("200 threads asked for") && checked.output.contains("parallel.pin"))
      let measured = try Command.skein(
        "bench", "Configs/lines.yaml", "--threads", "1,200", "--steps", "2", "--repeats", "1")
      #expect(measured.output.contains("200 threads asked for, at most "))
      for text in ["cache domain", "core", "workers"] { #expect(measured.output.contains(text)) }
    }
  }

  @Test func unitsThatAreNotThereEndTheCommand() throws {
    try Command.withFolder { folder in
      for command in ["check", "train", "bench"] {
        let run = command == "train" ? ["--run", folder + "/run"] : []
        let outcome = try Command.run(
          [command, "Configs/lines.yaml", "--set", "parallel.pin=[0, 65000]"] + run)
        #expect(outcome.code == 2 && outcome.errors.contains("parallel.pin: "))
        #expect(outcome.errors.contains("65000"), "\(outcome.errors)")
      }
    }
  }

  @Test func threadsThatWaitAreTold() throws {
    try Command.withFolder { folder in
      let trained = try Command.skein(
        "train", "Configs/lines.yaml", "--run", folder + "/run", "--threads", "2", "--set",
        "training.epochs=1")
      #expect(trained.output.contains("2 threads, 1 batch shard\n"))
      #expect(trained.output.contains("1 thread of 2 will mostly wait"), "\(trained.output)")
      #expect(trained.output.contains("page: \(folder)/run/report.html"))
      let one = try Command.skein(
        "train", "Configs/lines.yaml", "--run", folder + "/one", "--threads", "1", "--set",
        "training.epochs=1", "--set", "report.history=false")
      #expect(one.output.contains("1 thread, 1 batch shard\n") && !one.output.contains("wait"))
      #expect(!one.output.contains("page:"))
    }
  }
}
