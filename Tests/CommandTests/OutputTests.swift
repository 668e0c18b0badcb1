import Foundation
import SkeinFiles
import SkeinTestSupport
import Testing

/// Readers that are slow or never read, and logs that somebody looks at meanwhile.
@Suite struct OutputTests {
  /// A pipe of the smallest size, so that it is soon full.
  private final class NarrowPipe {
    private let reading: Int32
    private var writing: Int32

    init(blocks: Bool) throws {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (reading, writing) = (ends[0], ends[1])
      // F_SETPIPE_SZ.
      _ = fcntl(writing, 1031, 4096)
      if !blocks { _ = fcntl(writing, F_SETFL, O_NONBLOCK) }
    }

    deinit {
      close(reading)
      if writing >= 0 { close(writing) }
    }

    /// Starts `skein` with the pipe as its standard output.
    func start(_ arguments: [String]) throws -> Child {
      defer {
        close(writing)
        writing = -1
      }
      return try Child(arguments, output: FileHandle(fileDescriptor: writing))
    }

    /// How many bytes wait to be read.
    var waiting: Int {
      var count: Int32 = 0
      _ = ioctl(reading, UInt(FIONREAD), &count)
      return Int(count)
    }

    /// All that comes, with a pause before each part, and a longer one before the first: until the
    /// pipe is full, or all is in it.
    func readSlowly() -> String {
      var (before, stays) = (-1, 0)
      for _ in 0..<3000 where stays < 10 {
        usleep(20_000)
        (before, stays) = (waiting, waiting == before && before > 0 ? stays + 1 : 0)
      }
      var bytes: [UInt8] = []
      var part = [UInt8](repeating: 0, count: 3000)
      while true {
        usleep(500)
        var wanted = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        guard poll(&wanted, 1, 60_000) > 0 else {
          Issue.record("a writer that neither writes nor ends")
          return String(decoding: bytes, as: UTF8.self)
        }
        let count = read(reading, &part, part.count)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += part[..<count]
      }
    }
  }

  /// Calls `body` with a run, and a file of 3,000 samples for it.
  private static func withRun(_ body: (_ run: String, _ samples: String) throws -> Void) throws {
    try Command.withFolder { folder in
      let (run, samples) = (folder + "/run", folder + "/x.idx")
      let trained = try Command.skein(
        "train", "Configs/lines.yaml", "--run", run, "--set", "training.epochs=2")
      #expect(trained.code == 0, "\(trained.errors)")
      let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0x0B, 0xB8, 0, 0, 0, 10, 0, 0, 0, 1]
      try Data(header + (0..<30_000).map { UInt8($0 / 7 % 2) })
        .write(to: URL(fileURLWithPath: samples))
      try body(run, samples)
    }
  }

  @Test(arguments: [false, true])
  func aSlowReaderGetsEveryByte(blocks: Bool) throws {
    try Self.withRun { run, samples in
      for arguments in [
        ["predict", run, samples, "--json"], ["predict", run, samples],
        ["evaluate", run, "--json"], ["evaluate", run], ["check", "Configs/digits.yaml"],
        ["data", "show", "Datasets/lines", "--count", "300"], ["plot", "curves", run],
        ["train", "--help"], ["data", "inspect", "Datasets/digits"],
      ] {
        let expected = try Command.run(arguments)
        let pipe = try NarrowPipe(blocks: blocks)
        let child = try pipe.start(arguments)
        let text = pipe.readSlowly()
        let outcome = try child.wait(atMost: 60)
        #expect(outcome.code == 0 && expected.code == 0, "\(arguments): \(outcome.errors)")
        #expect(text == expected.output && !text.isEmpty, "\(arguments): \(text.utf8.count) bytes")
      }
    }
  }

  @Test(arguments: [false, true])
  func trainingLosesNoLine(blocks: Bool) throws {
    try Command.withFolder { folder in
      let pipe = try NarrowPipe(blocks: blocks)
      let child = try pipe.start([
        "train", "Configs/lines.yaml", "--run", folder + "/run", "--set", "training.epochs=150",
        "--set", "checkpoint.everyEpochs=150", "--set", "report.history=false",
      ])
      let lines = pipe.readSlowly().split(separator: "\n")
      let outcome = try child.wait(atMost: 60)
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      let epochs = lines.filter { $0.hasPrefix("epoch ") }.map { $0.prefix { $0 != "/" } }
      #expect(epochs.map { $0.filter(\.isNumber) } == (1...150).map(String.init), "\(lines)")
      #expect(lines.last == "run folder: \(folder)/run", "\(lines.suffix(3))")
    }
  }

  /// Nobody reads: training waits, and a signal still saves and ends it.
  @Test(arguments: [false, true], [SIGINT, SIGTERM])
  func aSignalEndsWaitingForAReader(blocks: Bool, number: Int32) throws {
    try Command.withFolder { folder in
      let pipe = try NarrowPipe(blocks: blocks)
      let run = folder + "/run"
      let child = try pipe.start([
        "train", "Configs/lines.yaml", "--run", run, "--set", "training.epochs=1000000", "--set",
        "report.history=false", "--set", "report.tensorBoard=false", "--set",
        "checkpoint.everyEpochs=1000000",
      ])
      // It waits once nothing more comes, neither into the pipe nor into the metrics.
      let deadline = Date(timeIntervalSinceNow: 60)
      var (before, stays) = (-1, 0)
      while stays < 40, Date() < deadline {
        usleep(25_000)
        let metrics = try? FileManager.default.attributesOfItem(atPath: run + "/metrics.jsonl")
        let now = pipe.waiting + (metrics?[.size] as? Int ?? 0)
        (before, stays) = (now, now == before && pipe.waiting > 0 ? stays + 1 : 0)
      }
      #expect(stays == 40, "it never waited")
      #expect(child.signal(number, after: 0))
      let outcome = try child.wait(atMost: 30)
      #expect(outcome.code == 128 + number && child.endedByItself, "\(outcome)")
      #expect(outcome.errors.contains("saved after step"), "\(outcome.errors)")
      let last = run + "/checkpoints/last.safetensors"
      #expect(FileManager.default.fileExists(atPath: last))
    }
  }

  /// Commands that only read end as the system has it.
  @Test(arguments: [false, true])
  func aSignalEndsACommandThatNobodyReads(blocks: Bool) throws {
    try Self.withRun { run, samples in
      let pipe = try NarrowPipe(blocks: blocks)
      let child = try pipe.start(["predict", run, samples, "--json"])
      waitUntil { pipe.waiting >= 1000 }
      #expect(child.signal(SIGINT, after: 0.2))
      let outcome = try child.wait(atMost: 30)
      #expect(outcome.code == SIGINT && !child.endedByItself, "\(outcome)")
    }
  }

  /// `train > log 2>&1 &`: what was begun can be read before the first epoch ends, and the last
  /// word is the last line.
  @Test func aLogIsWrittenAtOnceAndInOrder() throws {
    try Command.withFolder { folder in
      let (run, log) = (folder + "/run", folder + "/log")
      let child = try Child(
        [
          "-c",
          """
          exec "$0" train Configs/digits.yaml --run "$1" --threads 1 \
          --set model.hidden=[1500,1500] --set report.history=false > "$2" 2>&1
          """, Command.executable.path, run, log,
        ], executable: "/bin/bash")
      func text() -> String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
      waitUntil { text().contains("train samples") }
      let metrics = try? Data(contentsOf: URL(fileURLWithPath: run + "/metrics.jsonl"))
      #expect(metrics?.isEmpty ?? true, "the first epoch was over")
      #expect(text().hasPrefix("digits: 784-1500-1500-10, "), "\(text())")
      #expect(child.signal(SIGTERM, after: 0.1))
      let outcome = try child.wait(atMost: 60)
      #expect(outcome.code == 143, "\(text())")
      let lines = text().split(separator: "\n")
      #expect(lines.first?.hasPrefix("digits: ") == true)
      #expect(lines.last?.hasPrefix("skein: stopped by SIGTERM: saved after step") == true)
    }
  }
}
