import Foundation
import SkeinFiles
import Testing

/// Signals, kills and second starts, as a user's shell sends them.
@Suite struct InterruptionTests {
  private static let job = [
    "train", "Configs/digits.yaml", "--set", "training.epochs=20", "--set", "model.hidden=[64]",
    "--set", "checkpoint.everySteps=20", "--threads", "2",
  ]

  private func checkpoint(_ run: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoints/last.safetensors"))
  }

  /// metrics.jsonl without times and thread counts.
  private func metrics(_ run: String) throws -> [NSDictionary] {
    let text = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      var object =
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      for key in ["seconds", "samplesPerSecond", "threads", "workers"] { object[key] = nil }
      return object as NSDictionary
    }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
  func aStoppedRunEndsInTheBitsOfAnUnstoppedOne(number: Int32) throws {
    try Command.withFolder { folder in
      let whole = folder + "/whole"
      #expect(try Command.run(Self.job + ["--run", whole]).code == 0)
      let run = folder + "/run"
      var stops = 0
      for attempt in 0..<60 {
        // Every attempt lives a little longer, so that the last one gets through.
        let child = try Command.start(Self.job + ["--run", run, "--resume"])
        let isEnded = child.signal(number, after: 0.1 + 0.02 * Double(attempt))
        let outcome = try child.wait()
        if outcome.code == 0 { break }
        stops += 1
        if number == SIGKILL { continue }
        let early = outcome.errors.isEmpty
        // Before its handlers stand, a signal ends the process by itself.
        #expect(outcome.code == (early ? number : 128 + number), "\(outcome.errors)")
        #expect(early || outcome.errors.contains("stopped by SIG"), "\(outcome.errors)")
        #expect(isEnded)
      }
      #expect(stops > 1, "\(stops) stops")
      #expect(try checkpoint(run) == checkpoint(whole))
      #expect(try metrics(run) == metrics(whole))
    }
  }

  /// The first signal would let the step end, which takes many seconds, and save.
  @Test func aSecondSignalStopsAtOnce() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let child = try Command.start([
        "train", "Configs/digits.yaml", "--run", run, "--set", "model.hidden=[4096,4096]", "--set",
        "training.batchSize=4000", "--threads", "1",
      ])
      waitForFile(run + "/job.yaml")
      let deadline = Date(timeIntervalSinceNow: 60)
      // Two that reach a busy machine's process within a tenth of a second are one wish.
      while child.isRunning, Date() < deadline { _ = child.signal(SIGINT, after: 0.2) }
      let outcome = try child.wait(atMost: 1)
      #expect(outcome.code == 130 && child.endedByItself, "\(outcome)")
      #expect(!outcome.errors.contains("saved"), "\(outcome.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: run + "/checkpoints")
      #expect(names.isEmpty, "\(names)")
    }
  }

  @Test func aSecondJobInTheFolderIsTurnedAway() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let first = try Command.start([
        "train", "Configs/digits.yaml", "--run", run, "--set", "training.epochs=1000",
      ])
      waitForFile(run + "/job.yaml")
      let second = try Command.skein("train", "Configs/digits.yaml", "--run", run, "--resume")
      #expect(second.code == 8)
      #expect(second.errors.contains("process ") && second.errors.contains(" since 20"))
      _ = first.signal(SIGKILL, after: 0)
      _ = try first.wait()
      // The dead holder is in nobody's way.
      let third = try Command.skein(
        "train", "Configs/digits.yaml", "--run", run, "--resume", "--allow-changes", "--set",
        "training.epochs=1")
      #expect(third.code == 0, "\(third.errors)")
    }
  }

  @Test func aClosedPipeEndsNoTraining() throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let piped = "'\(Command.executable.path)' train Configs/lines.yaml --run '\(run)' 2>&1"
      _ = try Child(["-c", piped + " | head -n 1"], executable: "/bin/sh").wait()
      #expect(try metrics(run).count == 20)
    }
  }

  @Test func verifyComparesThreadCounts() throws {
    let same = try Command.skein(
      "verify", "Configs/digits.yaml", "--threads", "1,2,3,8,64", "--steps", "25", "--set",
      "training.batchSize=50")
    #expect(same.code == 0 && same.output.contains("the same bits with 1, 2, 3, 8, 64 threads"))
    let digests = same.output.split(separator: "\n").filter { $0.contains("weights") }
    #expect(digests.count == 5 && Set(digests).count == 1)
  }
}
