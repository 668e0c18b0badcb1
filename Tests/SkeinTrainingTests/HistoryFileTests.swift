import Foundation
import SkeinModel
import SkeinTestSupport
import Testing

@testable import SkeinFiles
@testable import SkeinRecord
@testable import SkeinRun
@testable import SkeinSafetensors
@testable import SkeinTraining

/// History files that are damaged, made up, or of the first edition.
@Suite struct HistoryFileTests {
  private static let network = Network(
    inputs: 2, hidden: [2], outputs: 3, activation: .relu)

  private func layer(_ outputs: Int, _ inputs: Int, dead: Int?) -> LayerRecord {
    let histogram = Histogram(
      low: -1, high: 1, counts: (0..<Histogram.bins).map { $0 % 3 }, sum: 0.5, sumOfSquares: 2)
    return LayerRecord(
      outputs: outputs, inputs: inputs,
      weights: .quantized(
        QuantizedMatrix(
          shape: [outputs, inputs], codes: (0..<(outputs * inputs)).map { UInt8($0 * 7 % 63) },
          scales: (0..<outputs).map { Float($0 + 1) / 8 })),
      biases: (0..<outputs).map { Float($0) }, slope: nil, weightHistogram: histogram,
      gradientHistogram: histogram, gradientNorm: 0.25, deadUnits: dead)
  }

  /// A small record: nine samples in three classes, one of them wrong.
  private func makeRecord(label: Int = 1, predicted: Int = 2, row: Int = 4) -> EpochRecord {
    EpochRecord(
      epoch: 1, step: 7, layers: [layer(2, 2, dead: 1), layer(3, 2, dead: nil)],
      plane: [0, 1, 2, 3], explained: 0.5,
      confusion: Confusion(matrix: [[3, 0, 0], [0, 2, 1], [0, 0, 3]]),
      mistakes: [
        MistakeRecord(
          row: row, label: label, predicted: predicted, score: 0.75, sample: .bytes([7, 9]))
      ])
  }

  private func makeRun() -> RunRecord {
    RunRecord(
      facts: .init(
        dataset: "made", classes: ["a", "b", "c"], sampleShape: [2], scale: 255, trainSamples: 20,
        split: "test", splitSamples: 9, probeSamples: 2, gradientSamples: 5, parameters: 15,
        batchShards: 1, threads: 1, host: "h", processor: "p", cores: 1, system: "s"),
      samples: LabelledSamples(
        rows: [0, 4], labels: [0, 1], elements: .bytes([1, 2, 7, 9])))
  }

  private func read(_ bytes: [UInt8]) throws -> EpochRecord {
    try EpochRecord(decoding: bytes, file: "f")
  }

  @Test func soundFilesReadBack() throws {
    let record = makeRecord()
    #expect(try read(record.encode()) == record)
    let run = makeRun()
    #expect(try RunRecord(decoding: run.encode(), file: "f") == run)
  }

  /// Each bit of the whole file, and each length.
  @Test func anyDamageIsFound() throws {
    let bytes = makeRecord().encode()
    let run = try makeRun().encode()
    for bit in 0..<(8 * bytes.count) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: FormatError.self, "bit \(bit)") { try read(damaged) }
    }
    for bit in 0..<(8 * run.count) {
      var damaged = run
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: FormatError.self, "bit \(bit)") {
        try RunRecord(decoding: damaged, file: "f")
      }
    }
    for length in bytes.indices {
      #expect(throws: FormatError.self, "cut to \(length)") {
        try read(Array(bytes[..<length]))
      }
    }
  }

  /// Damage that makes a sealed file look like one of the first edition does not take its seal off.
  @Test func anOldNameTakesNoSealOff() throws {
    let text = String(decoding: makeRecord().encode(), as: UTF8.self)
    #expect(text.contains("skein-history-epoch-2") && text.contains("skein.sha256"))
    var bytes = makeRecord().encode()
    let place = try #require(bytes.firstRange(of: Array("skein-history-epoch-2".utf8)))
    bytes[place.upperBound - 1] = UInt8(ascii: "1")
    let error = #expect(throws: FormatError.self) { try read(bytes) }
    #expect(error?.what == "SHA-256")
    // Nor is a file without a seal one of today's.
    var stored = try Safetensors.decode(makeRecord().encode(), file: "f")
    stored.metadata[Safetensors.sealKey] = nil
    #expect(throws: FormatError.self) { try read(stored.encode()) }
  }

  /// Both files are from the first edition's run of Configs/lines.yaml, three epochs long.
  @Test func filesOfTheFirstEditionOpen() throws {
    let run = try RunRecord(
      decoding: SafetensorsFiles.golden("first_edition_history_run.safetensors"), file: "f")
    #expect(run.facts.dataset == "lines" && run.facts.classes.count == 5)
    #expect(run.samples.rows.count == 1000 && run.samples.elements.count == 10_000)
    let record = try read(SafetensorsFiles.golden("first_edition_history_epoch.safetensors"))
    #expect(record.epoch == 3 && record.layers.map(\.biases.count) == [16, 16, 5])
    #expect(record.confusion.classes.map(\.support) == [400, 400, 400, 400, 400])
    let wrong = record.confusion.classes.reduce(0) { $0 + $1.support - $1.correct }
    #expect(record.confusion.pairs.reduce(0) { $0 + $1.count } == wrong)
    #expect(record.confusion.pairs.count == record.confusion.kinds)
    // What is written of it now reads back.
    #expect(try read(record.encode()) == record)
  }

  @Test(arguments: [(3, 0), (0, 3), (-1, 0), (0, -1), (Int.max, 0), (0, Int.max), (1 << 31, 0)])
  func classesOfMistakesAreInRange(label: Int, predicted: Int) {
    #expect(throws: FormatError.self) {
      try read(makeRecord(label: label, predicted: predicted).encode())
    }
    #expect(throws: Never.self) { try read(makeRecord(label: 2, predicted: 0).encode()) }
  }

  @Test func anotherEpochOrNetworkIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    defer { withExtendedLifetime(folder) {} }
    try FileManager.default.createDirectory(
      atPath: path + "/history", withIntermediateDirectories: true)
    let history = RunFolder(path: path).history
    try history.write(makeRecord())
    #expect(history.epochs == [1])
    #expect(try history.record(1, of: Self.network) == makeRecord())
    let other = Network(inputs: 2, hidden: [4], outputs: 3, activation: .relu)
    #expect(throws: FormatError.self) { try history.record(1, of: other) }
    #expect(throws: FormatError.self) { try history.record(3, of: Self.network) }
    let files = FileManager.default
    let file = path + "/history/epoch-000000001.safetensors"
    try files.copyItem(atPath: file, toPath: path + "/history/epoch-000000002.safetensors")
    #expect(throws: FormatError.self) { try history.record(2, of: Self.network) }
    // Other spellings of a number are other people's files.
    try files.copyItem(atPath: file, toPath: path + "/history/epoch-1.safetensors")
    try files.copyItem(atPath: file, toPath: path + "/history/epoch-+00000003.safetensors")
    #expect(history.epochs == [1, 2])
    // A file that no network of these widths leaves is not read at all.
    let largest = EpochRecord.largestFile(of: Self.network)
    #expect(truncate(file, off_t(largest + 1)) == 0)
    let error = #expect(throws: FormatError.self) {
      try history.record(1, of: Self.network)
    }
    #expect(error?.what == "file", "\(String(describing: error))")
  }
}
