import Foundation
import SkeinRecord
import SkeinSafetensors

extension RunRecord {
  private static let formats = RecordReader.Formats(
    present: "skein-history-run-2", firstEdition: "skein-history-run-1")

  /// The bytes of the file. O(samples).
  ///
  /// - Throws: `EncodingError` for facts that JSON cannot hold.
  func encode() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let count = samples.rows.count
    let targets =
      facts.targets.map { targets in
        Safetensors.Tensor(
          name: "values", shape: [count, targets.names.count], values: .float32(samples.values))
      }
      ?? Safetensors.Tensor(
        name: "labels", shape: [count], values: .int64(samples.labels.map(Int64.init)))
    return Safetensors(
      tensors: [
        .init(
          name: "samples", shape: [count, samples.elements.count / max(count, 1)],
          values: samples.elements.tensorValues),
        .init(name: "rows", shape: [count], values: .int64(samples.rows.map(Int64.init))),
        targets,
      ],
      metadata: [
        "format": Self.formats.present,
        "facts": String(decoding: try encoder.encode(facts), as: UTF8.self),
      ]
    ).encodeSealed()
  }

  /// Reads what `encode` wrote. O(bytes).
  ///
  /// - Throws: `FormatError` for a file that is damaged or holds no run's record.
  init(decoding bytes: [UInt8], file: String) throws {
    let stored = try RecordReader(bytes, file: file, formats: Self.formats)
    guard let text = stored.metadata("facts"),
      let facts = try? JSONDecoder().decode(Facts.self, from: Data(text.utf8))
    else { throw stored.fault("metadata facts", expected: "the run's facts") }
    let rows = try stored.integers("rows")
    let labels = facts.targets == nil ? try stored.integers("labels") : []
    let values = facts.targets == nil ? [] : try stored.floats("values")
    let elements = try stored.samples("samples")
    guard let size = facts.sampleSize, facts.areSound, !rows.isEmpty,
      facts.targets == nil
        ? labels.count == rows.count && labels.allSatisfy(facts.classes.indices.contains)
        : values.count == rows.count * facts.outputNames.count,
      elements.count / size == rows.count, elements.count % size == 0,
      (0...rows.count).contains(facts.probeSamples)
    else { throw stored.fault("samples", expected: "samples with their targets") }
    self.init(
      facts: facts,
      samples: LabelledSamples(rows: rows, labels: labels, values: values, elements: elements))
  }
}

extension RunRecord.Facts {
  /// The number of elements of one sample; nil where no sample can have the shape.
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

  /// Whether a run can have these numbers.
  var areSound: Bool {
    [
      trainSamples, splitSamples, probeSamples, gradientSamples, parameters, batchShards, threads,
      cores,
    ].allSatisfy(RecordReader.counts.contains) && scale.isFinite && scale > 0
      && targets?.areSound ?? true
  }
}

extension RunRecord.Targets {
  /// Whether targets can have been standardised by these numbers.
  fileprivate var areSound: Bool {
    !names.isEmpty && (mean == nil) == (deviation == nil)
      && [mean, deviation].allSatisfy { $0.map { $0.count == names.count } ?? true }
      && mean?.allSatisfy(\.isFinite) ?? true
      && deviation?.allSatisfy { $0.isFinite && $0 > 0 } ?? true
  }
}
