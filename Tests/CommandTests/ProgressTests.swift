import Foundation
import SkeinTestSupport
import Testing

/// What lasts longer than two seconds tells how far it is, on standard error.
@Suite struct ProgressTests {
  /// Waits until `child` has told how far its `task` is, and ends it. Standard output has no such
  /// line.
  private func expect(_ child: Child, toTell task: String) throws {
    let line = try Regex("(?m)^skein: \(task)(: [0-9]+ %| …)")
    waitUntil(atMost: 100) { child.errorsSoFar.contains(line) }
    child.end()
    let outcome = try child.wait()
    #expect(outcome.errors.contains(line), "\(task): \(outcome.errors)")
    #expect(!outcome.output.contains(task), "\(outcome.output)")
  }

  @Test func longWorkTellsHowFarItIs() throws {
    let endless = [
      ["verify", "Configs/lines.yaml", "--threads", "1", "--set", "training.epochs=100000"],
      ["bench", "Configs/lines.yaml", "--threads", "1", "--steps", "50", "--repeats", "10000"],
      ["bench", "--data", "Datasets/lines", "--threads", "1", "--repeats", "10000"],
    ]
    let children = try endless.map(Command.start)
    for (child, task) in zip(children, ["training", "measuring", "measuring"]) {
      try expect(child, toTell: task)
    }
  }

  /// Files that come slowly: a header for 6.5 million elements, and 2560 of them ten times a
  /// second.
  @Test func slowFilesTellHowFarTheyAre() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let trained = try Command.skein(
        "train", "Configs/lines.yaml", "--run", run, "--set", "training.epochs=1")
      #expect(trained.code == 0, "\(trained.errors)")
      let slow = """
        printf '\\0\\0\\10\\2\\0\\12\\0\\0\\0\\0\\0\\12'
        for i in {1..1000}; do head -c 2560 /dev/zero || exit; sleep 0.1; done
        """
      func start(_ command: String) throws -> Child {
        try Child(
          ["-c", "exec \"$0\" \(command) < <(\(slow))", Command.executable.path, run],
          executable: "/bin/bash")
      }
      let children = try [start("data inspect -"), start("predict \"$1\" -")]
      try expect(children[0], toTell: "reading")
      try expect(children[1], toTell: "predicting")
    }
  }
}
