import Foundation
import SkeinSafetensors

/// What pictures of a run need that no epoch changes: names, sizes, the machine, and some samples
/// of the test split.
public struct RunRecord: Sendable, Equatable {
  /// The texts and numbers, as JSON in the file's metadata.
  public struct Facts: Codable, Sendable, Equatable {
    public var dataset: String
    public var classes: [String]
    public var sampleShape: [Int]
    /// What every element of a sample is divided by.
    public var scale: Float
    public var trainSamples: Int
    /// The split that samples, activations and answers are from, and its size.
    public var split: String
    public var splitSamples: Int
    /// How many of the recorded samples the probe looks at.
    public var probeSamples: Int
    /// How many training samples gradients are computed from.
    public var gradientSamples: Int
    public var parameters: Int
    public var batchShards: Int
    public var threads: Int
    public var host: String
    public var processor: String
    public var cores: Int
    public var system: String
  }

  public var facts: Facts
  /// The recorded samples' numbers in their split, their labels and their elements.
  public var rows: [Int]
  public var labels: [Int]
  public var samples: SampleValues

  /// Which of the recorded samples the probe looks at, in the order of `EpochRecord.plane`.
  public var probed: [Int] { Self.spread(facts.probeSamples, over: rows.count) }

  /// `wanted` numbers, evenly spread over 0..<`count`; all of them if there are no more.
  static func spread(_ wanted: Int, over count: Int) -> [Int] {
    let chosen = min(wanted, count)
    return (0..<chosen).map { $0 * count / chosen }
  }
}

extension RunRecord {
  private static let formats = RecordReader.Formats(
    present: "skein-history-run-2", firstEdition: "skein-history-run-1")

  /// The file's bytes.
  func encode() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let count = rows.count
    return Safetensors(
      tensors: [
        .init(
          name: "samples", shape: [count, samples.count / max(count, 1)],
          values: samples.tensorValues),
        .init(name: "rows", shape: [count], values: .int64(rows.map(Int64.init))),
        .init(name: "labels", shape: [count], values: .int64(labels.map(Int64.init))),
      ],
      metadata: [
        "format": Self.formats.present,
        "facts": String(decoding: try encoder.encode(facts), as: UTF8.self),
      ]
    ).encodeSealed()
  }

  /// Reads what `encode` wrote.
  ///
  /// - Throws: `FormatError` for a file that is damaged or no such record.
  init(decoding bytes: [UInt8], file: String) throws {
    let stored = try RecordReader(bytes, file: file, formats: Self.formats)
    guard let text = stored.metadata("facts"),
      let facts = try? JSONDecoder().decode(Facts.self, from: Data(text.utf8))
    else { throw stored.fault("metadata facts", expected: "the run's facts") }
    self.facts = facts
    rows = try stored.integers("rows")
    labels = try stored.integers("labels")
    samples = try stored.samples("samples")
    guard let size = facts.sampleSize, facts.areSound, !rows.isEmpty,
      labels.count == rows.count, labels.allSatisfy({ facts.classes.indices.contains($0) }),
      samples.count / size == rows.count, samples.count % size == 0,
      (0...rows.count).contains(facts.probeSamples)
    else { throw stored.fault("samples", expected: "samples with their labels") }
  }
}

extension RunRecord.Facts {
  /// The elements of a sample; nil for a shape that no sample has.
  var sampleSize: Int? {
    guard sampleShape.count <= 255, sampleShape.allSatisfy({ $0 > 0 }) else { return nil }
    var size = 1
    for extent in sampleShape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      size = product
    }
    return size
  }

  /// Whether all numbers are such as runs have.
  var areSound: Bool {
    [
      trainSamples, splitSamples, probeSamples, gradientSamples, parameters, batchShards, threads,
      cores,
    ].allSatisfy(RecordReader.counts.contains) && scale.isFinite && scale > 0
  }
}
