import Foundation
import Testing

/// `plot` and `report` where a run lacks what a picture needs.
@Suite struct PlotCommandTests {
  private func train(_ run: String, _ settings: String...) throws {
    let trained = try Command.run(
      ["train", "Configs/lines.yaml", "--run", run, "--set", "training.epochs=2"]
        + settings.flatMap { ["--set", $0] })
    #expect(trained.code == 0, "\(trained.errors)")
  }

  @Test func curvesNeedNoHistory() throws {
    try Command.withFolder { folder in
      try train(folder + "/a", "report.history=false")
      let curves = try Command.skein("plot", "curves", folder + "/a")
      #expect(curves.code == 0 && curves.output.contains("lines: learning curves"))
      #expect(try Command.skein("plot", "weights", folder + "/a").code == 2)
      let metrics = try String(contentsOfFile: folder + "/a/metrics.jsonl", encoding: .utf8)
      #expect(!metrics.contains("workers"), "without a history nobody looks at a clock")
      // Two runs of one name are told apart by their paths.
      try FileManager.default.createDirectory(
        atPath: folder + "/b", withIntermediateDirectories: true)
      try train(folder + "/b/a")
      let compared = try Command.skein("plot", "compare", folder + "/a", folder + "/b/a")
      #expect(compared.code == 0 && compared.output.contains("b/a<"))
    }
  }

  @Test func damagedMetricsAreSaid() throws {
    try Command.withFolder { folder in
      try train(folder + "/run")
      let file = folder + "/run/metrics.jsonl"
      let sound = try String(contentsOfFile: file, encoding: .utf8)
      // A last line that was cut off is what a crash leaves.
      try (sound + "{\"epoch\":3").write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try Command.skein("plot", "curves", folder + "/run").code == 0)
      try ("nonsense\n" + sound).write(toFile: file, atomically: true, encoding: .utf8)
      for arguments in [["plot", "curves", folder + "/run"], ["report", folder + "/run"]] {
        let outcome = try Command.run(arguments)
        #expect(outcome.code == 6 && outcome.errors.contains("metrics.jsonl: line 1"))
      }
      try FileManager.default.removeItem(atPath: file)
      #expect(try Command.skein("plot", "curves", folder + "/run").code == 4)
    }
  }

  @Test func whatTheRunLacksIsSaid() throws {
    try Command.withFolder { folder in
      try train(folder + "/run", "model.hidden=[]", "data.test=null")
      let dead = try Command.skein("plot", "dead", folder + "/run")
      #expect(dead.code == 2 && dead.errors.contains("no hidden layer"))
      let hidden = try Command.skein("plot", "hidden", folder + "/run")
      #expect(hidden.code == 2 && hidden.errors.contains("no hidden layer"), "\(hidden.errors)")
      let confusion = try Command.skein("plot", "confusion", folder + "/run")
      #expect(confusion.code == 2 && confusion.errors.contains("no test split"))
    }
  }

  @Test(
    arguments: [
      (
        "curves", ["--epoch", "5"],
        "--epoch goes with plot network, weights, confusion, predicted, mistakes"
      ),
      ("weights", ["--sample", "2"], "--sample goes with plot network only"),
      ("weights", ["--set", "seed=2"], "--set goes with plot schedule only"),
      ("weights", ["--count", "2"], "--count goes with plot samples only"),
      ("compare", ["--split", "test"], "--split goes with plot samples only"),
    ] as [(String, [String], String)])
  func optionsThatAPictureIgnoresAreRefused(picture: String, options: [String], text: String) throws
  {
    let outcome = try Command.run(["plot", picture, "run"] + options)
    #expect(outcome.code == 2 && outcome.errors.contains(text), "\(outcome.errors)")
  }

  /// Output longer than a stream's buffer, on a full disk.
  @Test func aLostPictureIsAnError() throws {
    func bash(_ script: String) throws -> Outcome {
      try Child(["-c", script, Command.executable.path], executable: "/bin/bash").wait()
    }
    let lost = try bash("\"$0\" plot activations >/dev/full")
    #expect(lost.code == 4 && lost.errors.contains("standard output"), "\(lost)")
    let left = try bash("set -o pipefail; \"$0\" plot activations | head -c 10 >/dev/null")
    #expect(left.code == 0, "a reader that went away wanted no more")
  }
}
