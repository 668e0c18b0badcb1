import Foundation
import Testing

/// Names may hold characters that steer a terminal or turn text round; no command writes them.
@Suite struct HiddenCharacterTests {
  private static let hidden = "\u{9B}31m\u{202E}\u{2028}\u{2066}\u{1B}]0;x\u{7}\u{200D}\u{E0041}"

  private func expectPlain(_ text: String, _ arguments: [String]) {
    for scalar in text.unicodeScalars where scalar != "\n" {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        Issue.record("U+\(String(scalar.value, radix: 16)): \(arguments.joined(separator: " "))")
        return
      default: break
      }
    }
  }

  /// `text` as a job file has to spell it.
  private func yaml(_ text: String) -> String {
    let parts = text.unicodeScalars.map { scalar in
      let digits = String(scalar.value, radix: 16)
      let zeros = String(repeating: "0", count: 8 - digits.count)
      return scalar.properties.isAlphabetic ? "\(scalar)" : "\\U" + zeros + digits
    }
    return "\"" + parts.joined() + "\""
  }

  @Test func noCommandWritesThem() throws {
    try Command.withFolder { folder in
      let odd = folder + "/" + Self.hidden
      try FileManager.default.createDirectory(atPath: odd, withIntermediateDirectories: true)
      let (run, data, images) = (odd + "/run", odd + "/data", odd + "/x.idx")
      let labels = odd + "/y.idx"
      try Data([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 1, 0]).write(
        to: URL(fileURLWithPath: images))
      try Data([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]).write(to: URL(fileURLWithPath: labels))
      let table = odd + "/bench.json"
      let sound: [[String]] = [
        [
          "data", "pack", data, "--images", images, "--labels", labels, "--classes",
          "\(Self.hidden)a,\(Self.hidden)b", "--name", Self.hidden, "--provenance", Self.hidden,
        ],
        [
          "train", "Configs/lines.yaml", "--run", run, "--set", "data.path=\(yaml(data))", "--set",
          "data.test=null", "--set", "training.epochs=2",
        ],
        ["evaluate", run], ["evaluate", run, "--json"], ["evaluate", run, "--data", data],
        ["predict", run, images], ["predict", run, images, "--json"],
        ["check", run + "/job.yaml"], ["verify", run + "/job.yaml", "--threads", "1,2"],
        ["bench", run + "/job.yaml", "--steps", "2", "--repeats", "1", "--json", table],
        ["bench", "--data", data, "--repeats", "1"],
        ["data", "inspect", data], ["data", "inspect", data, "--json"],
        ["data", "inspect", images], ["data", "inspect", images, "--json"],
        ["data", "verify", data], ["data", "show", data], ["report", run],
        ["plot", "curves", run], ["plot", "samples", data],
      ]
      for arguments in sound {
        let outcome = try Command.run(arguments)
        #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
        expectPlain(outcome.output, arguments)
        expectPlain(outcome.errors, arguments)
      }
      expectPlain(try String(contentsOfFile: table, encoding: .utf8), ["bench.json"])
      expectPlain(try String(contentsOfFile: run + "/report.html", encoding: .utf8), ["page"])
      let faulty: [[String]] = [
        ["train", odd], ["train", odd + "/no.yaml"], ["evaluate", odd], ["predict", run, odd],
        ["data", "inspect", odd], ["data", "show", data, "--rows", odd],
        ["data", "verify", odd], ["report", odd], ["plot", Self.hidden, run],
        ["plot", "norms", odd], ["check", "Configs/lines.yaml", "--set", Self.hidden],
        ["check", "Configs/lines.yaml", "--set", "name=\(Self.hidden)"],
        ["train", "Configs/lines.yaml", "--run", odd], ["bench", "--data", odd], [Self.hidden],
        ["data", Self.hidden], ["train", "--" + Self.hidden],
        ["evaluate", run, "--split", Self.hidden], ["evaluate", run, "--checkpoint", odd],
        ["verify", "Configs/lines.yaml", "--threads", Self.hidden],
        ["data", "import", odd, folder + "/out"],
      ]
      for arguments in faulty {
        let outcome = try Command.run(arguments)
        #expect(outcome.code != 0, "\(arguments)")
        expectPlain(outcome.output, arguments)
        expectPlain(outcome.errors, arguments)
      }
    }
  }
}
