import Foundation
import Testing

/// Signals at instants that nobody chose: while a command loads, trains, evaluates, draws.
@Suite struct SignalTests {
  private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU]
  private static let delays = [0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3]

  private func last(_ run: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: run + "/checkpoints/last.safetensors"))
  }

  /// No temporary file is left in `folder`.
  private func expectNoLitter(_ folder: String) throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
    #expect(!names.contains { $0.contains(".tmp-") }, "\(names)")
  }

  @Test(arguments: signals)
  func aRunThatWasStoppedAnywhereGoesOn(number: Int32) throws {
    try Command.withFolder { folder in
      let train = ["train", "Configs/lines.yaml", "--set", "training.epochs=3", "--resume"]
      let whole = folder + "/whole"
      #expect(try Command.run(train + ["--run", whole]).code == 0)
      for delay in Self.delays {
        let run = "\(folder)/run-\(delay)"
        let child = try Command.start(train + ["--run", run])
        _ = child.signal(number, after: delay)
        let outcome = try child.wait(atMost: 60)
        // Before its handlers stand, a signal ends the process as the system has it.
        let codes = child.endedByItself ? [0, 128 + number] : [number]
        #expect(codes.contains(outcome.code), "after \(delay) s: \(outcome)")
        let resumed = try Command.run(train + ["--run", run])
        #expect(resumed.code == 0, "after \(delay) s: \(outcome)\n\(resumed.errors)")
        #expect(try last(run) == last(whole))
        try expectNoLitter(run)
      }
    }
  }

  /// What only looks at a run ends by the signal, and the run stays as good as it was.
  @Test(arguments: [
    ["evaluate", "RUN"], ["report", "RUN"], ["plot", "hidden", "RUN"], ["predict", "RUN", "-"],
    ["verify", "Configs/lines.yaml", "--threads", "1,2"],
    ["bench", "Configs/lines.yaml", "--threads", "1"], ["data", "verify", "Datasets/digits"],
  ])
  func lookingEndsAtOnce(arguments: [String]) throws {
    try Command.withFolder { folder in
      let run = folder + "/run"
      let train = ["train", "Configs/lines.yaml", "--set", "training.epochs=2", "--run", run]
      #expect(try Command.run(train).code == 0)
      let before = try last(run)
      for (number, delay) in zip(Self.signals, Self.delays) {
        let child = try Command.start(arguments.map { $0 == "RUN" ? run : $0 })
        _ = child.signal(number, after: delay)
        let outcome = try child.wait(atMost: 60)
        // Standard input of `predict -` is empty, which it refuses.
        let codes = child.endedByItself ? [0, 3] : [number]
        #expect(codes.contains(outcome.code), "\(arguments) after \(delay) s: \(outcome)")
      }
      #expect(try Command.run(train + ["--resume"]).code == 0)
      #expect(try last(run) == before)
      try expectNoLitter(run)
    }
  }
}
