import Foundation
import SkeinBenchmark
import SkeinFiles
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `skein bench` as a user meets it; how fast anything is, no test asks.
@Suite struct BenchCommandTests {
  @Test func aJobIsMeasuredWrittenAndDrawn() throws {
    try Command.withFolder { folder in
      let (json, svg) = (folder + "/a.json", folder + "/a.svg")
      let outcome = try Command.skein(
        "bench", "Configs/bench/lines.yaml", "--threads", "2,1", "--repeats", "2", "--steps", "50",
        "--weak", "--set", "name=\"<a&b>\"", "--json", json, "--svg", svg)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let report = try JSONDecoder().decode(
        BenchmarkReport.self, from: Data(contentsOf: URL(fileURLWithPath: json)))
      // On one core two threads show nothing of what more cores would do.
      #expect((report.fit != nil) == (report.cores > 1))
      let fit = report.cores > 1 ? ["Amdahl", "128"] : ["no fit: "]
      for text in ["strong scaling", "weak scaling", "efficiency", "waiting"] + fit {
        #expect(outcome.output.contains(text), "\(text)")
      }
      #expect(!outcome.output.contains("\u{1B}"))
      #expect(report.job == "<a&b>" && report.layers == [10, 16, 16, 5])
      #expect(report.rows.map(\.speed.threads) == [1, 2])
      #expect(report.weak?.map(\.work.batchSize) == [20, 40])
      #expect(report.rows.allSatisfy { $0.work.steps == 50 && $0.work.repetitions.count == 2 })
      let parser = XMLParser(data: try Data(contentsOf: URL(fileURLWithPath: svg)))
      #expect(parser.parse(), "\(parser.parserError.debugDescription)")
    }
  }

  /// Batches of 64 are 8 slices for 8 workers; an epoch's last one, 32 samples, would be 4.
  @Test func predictionsAreOfWholeBatches() throws {
    try Command.withFolder { folder in
      let json = folder + "/a.json"
      let outcome = try Command.skein(
        "bench", "Configs/digits.yaml", "--predict", "8", "--repeats", "3", "--seconds", "0.02",
        "--json", json)
      guard outcome.code == 0 else {
        #expect(outcome.code == 2 && outcome.errors.contains("two cores"), "\(outcome.errors)")
        return
      }
      let report = try JSONDecoder().decode(
        ForecastReport.self, from: Data(contentsOf: URL(fileURLWithPath: json)))
      #expect(report.rows.last?.slices == 8)
    }
  }

  @Test func moreCoresArePredicted() throws {
    try Command.withFolder { folder in
      let json = folder + "/a.json"
      let outcome = try Command.skein(
        "bench", "Configs/bench/tiny.yaml", "--predict", "16,4", "--repeats", "2", "--seconds",
        "0.01", "--set", "training.batchSize=512", "--json", json)
      guard outcome.code == 0 else {
        // One core alone is refused.
        #expect(outcome.code == 2 && outcome.errors.contains("two cores"), "\(outcome.errors)")
        return
      }
      for text in ["efficiency", "f+b cut", "r+u uneven", "GB/s"] {
        #expect(outcome.output.contains(text), "\(text)")
      }
      let report = try JSONDecoder().decode(
        ForecastReport.self, from: Data(contentsOf: URL(fileURLWithPath: json)))
      #expect(report.rows.map(\.cores) == [1, 2, 4, 16] && report.batchSize == 512)
      // Slices of eight tiles for two workers; for more, one each.
      #expect(report.rows.map(\.slices) == [1, 8, 8, 16], "\(report.rows.map(\.slices))")
      for row in report.rows {
        let parts = row.parts
        let sum =
          parts.ideal + parts.passesCut + parts.passesUneven + parts.updateCut
          + parts.updateUneven + parts.calls + parts.serial + parts.memory
        #expect(abs(sum - row.step) < 1e-6 * row.step && row.step > 0)
        #expect(row.speedup > 0.01 && row.speedup.isFinite)
        #expect((row.measured != nil) == (row.cores <= report.machine.cores))
      }
      #expect(abs(report.rows[0].speedup - 1) < 1e-9 && report.rows[0].measured == 1)
    }
  }

  @Test func aDatasetIsDecoded() throws {
    try Command.withFolder { folder in
      let json = folder + "/data.json"
      let outcome = try Command.skein(
        "bench", "--data", "Datasets/lines", "--repeats", "2", "--threads", "1,2", "--json", json)
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("MB/s") && outcome.output.contains("zstd"))
      let report = try JSONDecoder().decode(
        DecodeBenchmark.Report.self, from: Data(contentsOf: URL(fileURLWithPath: json)))
      // 12,000 images of 10 bytes and labels of 1, and a header in each of four files.
      #expect(report.files == 4 && report.rawBytes > 12_000 * 11)
      // zstd, where it is installed, with as many processes as Skein has threads.
      #expect([[1, 2], [1, 2, 1, 2]].contains(report.rows.map(\.threads)))
      #expect(report.rows.prefix(2).allSatisfy { $0.program == "skein" })
      #expect(report.rows.dropFirst(2).allSatisfy { $0.program == "zstd -dc" })
    }
  }

  @Test func syntheticSamplesTrain() throws {
    try Command.withFolder { folder in
      let settings = ["--set", "training.epochs=2", "--set", "data.test=test"]
      let trained = try Command.run(
        ["train", "Configs/bench/lines.yaml", "--run", folder + "/run"] + settings)
      // Twice what guessing reaches, at the least: labels can be learnt from samples.
      let last = try #require(
        trained.output.split(separator: "\n").last { $0.hasPrefix("epoch ") })
      let accuracy = try #require(last.firstMatch(of: /accuracy .* test ([0-9.]+) %/)?.1)
      #expect(trained.code == 0 && Double(accuracy) ?? 0 > 40, "\(trained.output)")
      #expect(try Command.skein("evaluate", folder + "/run").code == 0)
      let checked = try Command.skein("check", "Configs/bench/wide.yaml")
      #expect(checked.code == 0 && checked.output.contains("data.synthetic"))
      let resumed = try Command.run(
        ["train", "Configs/bench/lines.yaml", "--run", folder + "/run", "--resume"] + settings)
      #expect(resumed.code == 0, "\(resumed.errors)")
      let verified = try Command.skein(
        "verify", "Configs/bench/lines.yaml", "--threads", "1,2", "--steps", "20")
      #expect(verified.code == 0)
    }
  }

  @Test(
    arguments: [
      (["bench"], 2, "--data"),
      (["bench", "Configs/lines.yaml", "--data", "Datasets/lines"], 2, "--data"),
      (["bench", "--data", "Datasets/lines", "--weak"], 2, "--repeats"),
      (["bench", "Configs/lines.yaml", "--repeats", "0"], 2, "--repeats"),
      (["bench", "Configs/lines.yaml", "--steps", "0"], 2, "--steps"),
      (["bench", "Configs/lines.yaml", "--seconds", "0"], 2, "--seconds"),
      (["bench", "Configs/lines.yaml", "--threads", "1,0"], 2, "1,0"),
      (["bench", "Configs/lines.yaml", "--predict", "16,0"], 2, "16,0"),
      (["bench", "Configs/lines.yaml", "--predict", "16", "--weak"], 2, "--predict goes with"),
      (["bench", "Configs/lines.yaml", "--predict", "16", "--threads", "2"], 2, "--predict goes"),
      (["bench", "--data", "Datasets/lines", "--predict", "16"], 2, "--data goes with"),
      (["bench", "Configs/lines.yaml", "--set", "data.path=Configs"], 3, "dataset.json"),
      (["bench", "--data", "Configs"], 3, "dataset.json"),
      (["bench", "nowhere.yaml"], 2, "nowhere.yaml"),
      (
        [
          "bench", "Configs/lines.yaml", "--steps", "1", "--repeats", "1", "--threads", "1",
          "--json", "/nowhere/a.json",
        ], 4, "/nowhere/a.json"
      ),
      (
        [
          "bench", "Configs/bench/tiny.yaml", "--set", "optimizer.learningRate=1e30", "--steps",
          "50", "--repeats", "1", "--threads", "1",
        ], 5, "learning rate"
      ),
      (
        [
          "check", "Configs/bench/tiny.yaml", "--set",
          "data.synthetic={shape: [1000000], classes: 2, samples: 1000000000}",
        ], 2, "samples"
      ),
    ] as [([String], Int32, String)])
  func whatGoesWrongIsSaid(arguments: [String], code: Int32, text: String) throws {
    let outcome = try Command.run(arguments)
    #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
  }
}
