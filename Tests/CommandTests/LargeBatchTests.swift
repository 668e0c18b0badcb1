import Foundation
import SkeinFiles
import Testing

/// A batch size beyond the dataset means one batch of all samples.
@Suite struct LargeBatchTests {
  private static let synthetic = [
    "--set", "data.test=null", "--set", "data.scale=255", "--set",
    "data.synthetic={shape: [10, 1], classes: 5, samples: 300}",
  ]

  /// Samples of `train` in Datasets/lines.
  private func sampleCount() throws -> Int {
    let text = try Command.skein("data", "inspect", "Datasets/lines", "--json").output
    let count = try #require(text.firstMatch(of: /"samples" : ([0-9]+)/)?.1)
    return try #require(Int(count))
  }

  @Test func itHasTheBitsOfOneBatchOfAll() throws {
    let samples = try sampleCount()
    func digests(_ size: Int) throws -> [Substring] {
      let outcome = try Command.skein(
        "verify", "Configs/lines.yaml", "--threads", "1,2", "--steps", "5", "--set",
        "training.batchSize=\(size)")
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.output.split(separator: "\n").filter { $0.contains("weights") }
    }
    let expected = try digests(samples)
    #expect(expected.count == 2)
    for size in [samples + 1, 1_000_000, 2_147_483_647] {
      #expect(try digests(size) == expected, "\(size)")
    }
    #expect(try digests(samples - 1) != expected)
  }

  @Test func theRunHasAStepPerEpoch() throws {
    try Command.withFolder { folder in
      let outcome = try Command.skein(
        "train", "Configs/lines.yaml", "--run", folder + "/run", "--set",
        "training.batchSize=1000000", "--set", "training.epochs=3")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let text = try String(contentsOfFile: folder + "/run/metrics.jsonl", encoding: .utf8)
      #expect(text.matches(of: /"step":([0-9]+)/).map { $0.1 } == ["1", "2", "3"])
    }
  }

  /// What `check` says of memory and batch shards is of the real batch.
  @Test func thePlanIsOfTheRealBatch() throws {
    let samples = try sampleCount()
    func plan(_ arguments: [String], _ size: Int) throws -> String {
      let outcome = try Command.run(
        ["check", "Configs/lines.yaml", "--set", "training.batchSize=\(size)"] + arguments)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.words.contains(" MiB of memory"))
      return outcome.output.split(separator: "\n").filter { !$0.contains("training.batchSize") }
        .joined(separator: "\n")
    }
    #expect(try plan([], 2_147_483_647) == plan([], samples))
    #expect(try plan(Self.synthetic, 2_147_483_647) == plan(Self.synthetic, 300))
  }

  @Test func benchmarksMeasureTheRealBatch() throws {
    try Command.withFolder { folder in
      for (arguments, samples) in [([], try sampleCount()), (Self.synthetic, 300)] {
        let outcome = try Command.run(
          [
            "bench", "Configs/lines.yaml", "--threads", "1,2", "--repeats", "1", "--steps", "1",
            "--weak", "--json", folder + "/b.json", "--set", "training.batchSize=2000000000",
          ] + arguments)
        #expect(outcome.code == 0 && outcome.output.contains("\(samples) samples a step"))
        let text = try String(contentsOfFile: folder + "/b.json", encoding: .utf8)
        let sizes = text.matches(of: /"batchSize" ?: ?([0-9]+)/).map { $0.1 }
        #expect(sizes.count == 5 && sizes.allSatisfy { $0 == "\(samples)" }, "\(sizes)")
      }
    }
  }
}
