import Foundation
import SkeinConfig
import SkeinData
import SkeinRecord
import SkeinReport
import SkeinTestSupport
import SkeinTraining
import Testing

@testable import SkeinBenchmark
@testable import SkeinFiles
@testable import SkeinRun

/// What the report says, in its three forms.
@Suite struct ReportTests {
  private static let machine = BenchmarkMachine(
    machine: "host <&>", cores: 4, cpu: "CPU \"9000\"", system: "Test OS", versions: ["swift": "6"],
    topology: "1 package, 4 cores")

  /// A small network on drawn samples.
  private static func workload() throws -> Workload {
    let data = SyntheticDataset(shape: [4, 2], classCount: 3, sampleCount: 100)
    let job = Job(
      name: "small", seed: 1, data: DataOptions(path: "", synthetic: data, scale: 255),
      model: ModelOptions(hidden: [5]), training: TrainingOptions(batchSize: 16),
      parallel: ParallelOptions(batchShards: .count(2)))
    return try Workload(job, BenchmarkPlan(threads: [1])) { try data.load($0.job.data.train) }
  }

  private static func repetition(_ rate: Double, peak: Double = 1e9) -> Repetition {
    Repetition(
      batchSize: 16, batchShards: 2, steps: 10, samplesPerSecond: rate,
      shares: TimeShares(
        gather: 0.1, forwardBackward: 0.5, reduceUpdate: 0.1, waiting: 0.2, serial: 0.1),
      peak: peak, placement: "workers are not bound")
  }

  private static func report(_ rates: [(threads: Int, rates: [Double])]) throws -> BenchmarkReport {
    BenchmarkReport(
      machine: machine, workload: try workload(),
      plan: BenchmarkPlan(threads: rates.map(\.threads), repeats: rates[0].rates.count),
      repetitions: rates.map { $0.rates.map { repetition($0) } })
  }

  @Test func rowsAreMediansAgainstOneThread() throws {
    let report = try Self.report([
      (1, [90, 100, 500]), (2, [180, 160, 170]), (4, [300, 100, 280]), (8, [10, 10, 10]),
    ])
    #expect(report.rows.map(\.speed.samplesPerSecond) == [100, 170, 280, 10])
    #expect(report.rows.map(\.speed.speedup) == [1, 1.7, 2.8, 0.1])
    #expect(report.rows.map(\.speed.efficiency) == [1, 0.85, 0.7, 0.0125])
    #expect(report.rows[0].work.repetitions == [90, 100, 500])
    // 6 × (8 × 5 + 5 × 3) − 2 × 8 × 5 operations a sample.
    #expect(report.operationsPerSample == 250)
    #expect(
      report.rows[0].work.gigaflops == 100 * 250 / 1e9 && report.rows[0].work.peakShare == 2.5e-5)
    // Eight threads share four cores: no part of the fit.
    #expect(report.fit == ScalingFit([(1, 1), (2, 1.7), (4, 2.8)]))
    #expect(report.predictions.map(\.limit) == Array(repeating: .slices, count: 5))
  }

  @Test func withoutOneThreadTheFewestCountAsPerfect() throws {
    let report = try Self.report([(2, [200]), (4, [300])])
    #expect(report.rows.map(\.speed.speedup) == [2, 3])
    #expect(report.fit == nil && report.predictions.isEmpty)
    #expect(report.text(width: 100).contains("no fit"))
  }

  @Test func jsonReadsBackAndIsAScalingTable() throws {
    let report = try Self.report([(1, [100, 110]), (2, [180, 190])])
    let bytes = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(BenchmarkReport.self, from: bytes) == report)
    let table = try JSONDecoder().decode(ScalingTable.self, from: bytes)
    #expect(table.rows.map(\.threads) == [1, 2] && table.cores == 4 && table.job == "small")
    #expect(table == report.scalingTable)
    #expect(table.fit == report.fit && table.rows == report.rows.map(\.speed))
  }

  @Test(arguments: 20...200)
  func textRespectsTheWidth(width: Int) throws {
    let text = try Self.report([(1, [123_456, 123_500]), (16, [1_234_567, 1_234_000])])
      .text(width: width)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { String($0).columns <= width }, "\(text)")
    for part in ["samples/s", "123500", "efficiency", "forward+backward", "host <&>", "package"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    let decoded = DecodeBenchmark.Report(
      dataset: String(repeating: "漢", count: 90), machine: Self.machine, files: 1,
      compressedBytes: 12_345_678, rawBytes: 123_456_789, repeats: 1,
      rows: [.init(program: "zstd -dc", threads: 1, megabytesPerSecond: 1234, spread: 0.1)])
    for line in decoded.text(width: width).split(separator: "\n") {
      #expect(String(line).columns <= width, "\(line)")
    }
  }

  /// Skein's threads stand against as many processes of zstd.
  @Test func decodingIsComparedThreadByThread() {
    let rows: [DecodeBenchmark.Row] = [
      .init(program: "skein", threads: 1, megabytesPerSecond: 900, spread: 0),
      .init(program: "skein", threads: 2, megabytesPerSecond: 1500, spread: 0),
      .init(program: "zstd -dc", threads: 1, megabytesPerSecond: 1000, spread: 0),
      .init(program: "zstd -dc", threads: 2, megabytesPerSecond: 2000, spread: 0),
    ]
    func ratios(_ rows: [DecodeBenchmark.Row]) -> [String] {
      let report = DecodeBenchmark.Report(
        dataset: "d", machine: Self.machine, files: 1, compressedBytes: 1, rawBytes: 1,
        repeats: 1, rows: rows)
      let lines = report.text(width: 80).split(separator: "\n")
        .drop { !$0.contains("against zstd") }.dropFirst()
      return lines.prefix(rows.count).map { String($0.split(separator: " ").last ?? "") }
    }
    #expect(ratios(rows) == ["0.90", "0.75", "1.00", "1.00"])
    #expect(ratios(Array(rows.prefix(2))) == ["-", "-"])
  }

  @Test func tablesAreAlignedAndFoldIntoBlocks() {
    let table = TextTable([
      ("n", ["1", "16"]), ("rate", ["5", "12345"]), ("share", ["0.1 %", "99.0 %"]),
    ])
    #expect(
      table.lines(width: 80) == [" n   rate   share", " 1      5   0.1 %", "16  12345  99.0 %"])
    #expect(
      table.lines(width: 12) == [
        " n   rate", " 1      5", "16  12345", "", " n   share", " 1   0.1 %", "16  99.0 %",
      ])
    #expect(TextTable([]).lines(width: 10).isEmpty)
    #expect(
      table.lines(width: 9).prefix(4) == ["n 1", "  rate 5", "  share", "    0.1 %"],
      "\(table.lines(width: 9))")
    let wide = TextTable([("class", ["猫", "cat"]), ("n", ["1", "22"])])
    #expect(wide.lines(width: 80) == ["class   n", "   猫   1", "  cat  22"])
  }

  @Test func theDrawingIsWellFormed() throws {
    for rates in [[(1, [100.0])], [(1, [100, 120]), (2, [190, 200]), (240, [1000, 9000])]] {
      let svg = try Self.report(rates).figure.file
      let contents = try XMLContents(parsing: svg)
      #expect(contents.elements.values.reduce(0, +) > 10, "\(svg)")
      #expect(svg.contains("host &lt;&amp;&gt;") && svg.contains("speed-up"))
      #expect(!svg.contains("nan") && !svg.contains("inf"))
    }
  }

  @Test func theMachineIsReadFromItsFiles() {
    let info = "processor\t: 0\nmodel name\t: AMD EPYC: 9\nprocessor\t: 1\nmodel name\t: other\n"
    #expect(MachineDescription.processor(fromInfo: info) == "AMD EPYC: 9")
    #expect(MachineDescription.processor(fromInfo: "CPU part\t: 0xd40\n") == "0xd40")
    #expect(MachineDescription.processor(fromInfo: "") == "unknown")
    #expect(
      BenchmarkMachine.system(fromRelease: "ID=x\nPRETTY_NAME=\"Debian 13\"\n") == "Debian 13")
  }

  /// The whole way on a small network: every row has figures, and shares are shares.
  @Test func aBenchmarkRuns() throws {
    let plan = BenchmarkPlan(threads: [1, 2], includesWeak: true, repeats: 2, length: .steps(20))
    var reported: [Int] = []
    let report = try ScalingBenchmark(try Self.workload(), plan).run { done, total in
      reported.append(done)
      #expect(total == 8)
    }
    #expect(reported == Array(1...8))
    #expect(report.rows.count == 2 && report.weak?.map(\.work.batchSize) == [16, 32])
    for row in report.rows + (report.weak ?? []) {
      #expect(row.work.steps == 20 && row.work.repetitions.count == 2)
      #expect(row.speed.samplesPerSecond > 0 && row.work.peakGigaflops > 0)
      let time = row.work.time
      for share in [
        time.gather, time.forwardBackward, time.reduceUpdate, time.waiting, time.serial,
      ] {
        #expect((0...1.0001).contains(share))
      }
      #expect(time.gather > 0 && time.forwardBackward > 0 && time.reduceUpdate > 0)
    }
  }
}
