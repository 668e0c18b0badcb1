import CZstd
import Foundation
import Testing

/// `predict` on all that users name, and names that no command takes.
@Suite struct PredictCommandTests {
  private static func idx(_ samples: [UInt8], _ shape: [UInt32]) -> Data {
    var bytes = Data([0, 0, 8, UInt8(shape.count)])
    for dimension in shape { withUnsafeBytes(of: dimension.bigEndian) { bytes += $0 } }
    return bytes + samples
  }

  private static let samples: [UInt8] =
    [0, 0, 1, 1, 1, 0, 0, 0, 0, 0] + [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]

  private static func withRun(_ body: (_ folder: String, _ run: String) throws -> Void) throws {
    try Command.withFolder { folder in
      let trained = try Command.skein(
        "train", "Configs/lines.yaml", "--run", folder + "/run", "--set", "training.epochs=2")
      #expect(trained.code == 0, "\(trained.errors)")
      try body(folder, folder + "/run")
    }
  }

  private static func shell(_ script: String, _ arguments: String...) throws -> Outcome {
    let child = try Child(
      ["-c", script, Command.executable.path] + arguments, executable: "/bin/bash")
    return try child.wait()
  }

  @Test func pipesAndStandardInputAreRead() throws {
    try Self.withRun { folder, run in
      let file = folder + "/x.idx"
      try Self.idx(Self.samples, [2, 10]).write(to: URL(fileURLWithPath: file))
      let expected = try Command.skein("predict", run, file)
      #expect(expected.code == 0 && expected.output.split(separator: "\n").count == 2)
      for script in [
        "exec \"$0\" predict \"$1\" - < \"$2\"", "cat \"$2\" | \"$0\" predict \"$1\" -",
        "\"$0\" predict \"$1\" <(cat \"$2\")",
        "gzip -c \"$2\" | \"$0\" predict \"$1\" /dev/stdin",
        "mkfifo \"$2.fifo\" && (cat \"$2\" > \"$2.fifo\" & \"$0\" predict \"$1\" \"$2.fifo\")",
      ] {
        let outcome = try Self.shell(script, run, file)
        // A row is the file, its number, the class and the score; only the file's name differs.
        func rows(_ text: String) -> [[String]] {
          text.split(separator: "\n").map { $0.split(separator: " ").suffix(3).map(String.init) }
        }
        #expect(outcome.code == 0, "\(script): \(outcome.errors)")
        #expect(rows(outcome.output) == rows(expected.output), "\(script)")
      }
    }
  }

  @Test func aPipeThatStaysEmptyEndsBySignal() throws {
    try Self.withRun { folder, run in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      // 124 says that SIGINT, sent after half a second, ended it; 137, that SIGKILL had to.
      let outcome = try Self.shell(
        "timeout -s INT -k 20 0.5 \"$0\" predict \"$1\" \"$1/../pipe\"", run)
      #expect(outcome.code == 124, "\(outcome.code): \(outcome.errors)")
    }
  }

  /// 100 million samples, 1 GB, from a file of some kilobytes, with less memory than that: the rows
  /// come as they are read, and a reader that goes away ends it.
  @Test func whatUnpacksToMuchIsStreamed() throws {
    try Self.withRun { folder, run in
      let (count, frames) = (100_000_000, 50)
      func pack(_ content: Data) -> Data {
        var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(content.count))
        let size = content.withUnsafeBytes {
          ZSTD_compress(&packed, packed.count, $0.baseAddress, $0.count, 3)
        }
        return Data(packed[..<size])
      }
      let zeros = Data(count: 10 * count / frames)
      let rest = pack(zeros)
      let content = pack(Self.idx([], [UInt32(count), 10]))
      let file = folder + "/x.zst"
      let packed = (0..<frames).reduce(content) { file, _ in file + rest }
      try packed.write(to: URL(fileURLWithPath: file))
      #expect(packed.count < 200_000)
      let predict = "prlimit --as=$((300 * 1048576)) \"$0\" predict \"$1\" \"$2\""
      let script = "\(predict) | head -n 100000 | tail -n 1; echo \"${PIPESTATUS[0]}\""
      let outcome = try Self.shell(script, run, file)
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count == 2 && lines.last == "0", "\(outcome.output) \(outcome.errors)")
      #expect(lines[0].contains("  99999  "))
      let full = try Self.shell("\(predict) --json > /dev/full", run, file)
      #expect(full.code == 4, "\(full.errors)")
    }
  }

  @Test func rowsOfJSONAreOneArrayOverChunks() throws {
    try Self.withRun { folder, run in
      let count = 600
      let many = (0..<count).flatMap { row in (0..<10).map { UInt8($0 <= row % 5 ? 1 : 0) } }
      let file = folder + "/x.idx"
      try Self.idx(many, [UInt32(count), 10, 1]).write(to: URL(fileURLWithPath: file))
      let outcome = try Command.skein("predict", run, file, file, "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      struct Row: Codable {
        let `class`: String
        let file: String
        let sample: Int
        let scores: [Float]
      }
      let rows = try JSONDecoder().decode([Row].self, from: Data(outcome.output.utf8))
      #expect(rows.map(\.sample) == Array(0..<count) + Array(0..<count))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let whole = String(decoding: try encoder.encode(rows), as: UTF8.self)
      #expect(outcome.output == whole + "\n")
    }
  }

  @Test func otherScalesAreRefusedOrAllowed() throws {
    try Self.withRun { folder, run in
      let file = folder + "/x.idx"
      try Self.idx(Self.samples.map { $0 * 255 }, [2, 10]).write(to: URL(fileURLWithPath: file))
      let outcome = try Command.skein("predict", run, file)
      #expect(outcome.code == 3 && outcome.output.isEmpty)
      for text in ["0…255", "0…1", "--allow-changes", file] {
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
      }
      let allowed = try Command.skein("predict", run, file, "--allow-changes")
      #expect(allowed.code == 0 && allowed.output.split(separator: "\n").count == 2)
      #expect(allowed.errors.contains("warning"))
    }
  }

  /// A pack that waits for a pipe leaves nothing behind when it is stopped.
  @Test func packingFromAPipeCanBeStopped() throws {
    try Command.withFolder { folder in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      let child = try Command.start([
        "data", "pack", folder + "/out", "--images", folder + "/pipe", "--labels", "Makefile",
      ])
      #expect(child.signal(SIGTERM, after: 0.5))
      #expect(try child.wait().code == 143)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["pipe"])
    }
  }
}
