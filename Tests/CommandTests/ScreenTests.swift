import Foundation
import Testing

import SkeinData

/// What commands show on terminals of 80, 40 and 20 columns, and in a pipe.
@Suite struct ScreenTests {
  private func expectFit(_ lines: [String], _ columns: Int, _ arguments: [String]) {
    for line in lines {
      #expect(line.columns <= columns, "\(columns) columns: \(arguments): \(line)")
    }
    #expect(!lines.isEmpty, "\(arguments)")
  }

  @Test(arguments: [20, 40, 80, 200])
  func everyScreenFits(columns: Int) throws {
    try Command.withFolder { folder in
      let (run, data) = (folder + "/run", folder + "/data")
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
        ["data", "inspect", data],
        ["data", "show", data], ["plot", "--help"], ["check", "--help"], ["--help"],
        ["data", "import", "--help"], ["trian"], ["train", "--frob"], ["plot", "curvs"],
        ["train", "nowhere-\(long).yaml"],
      ]
      for arguments in commands {
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
