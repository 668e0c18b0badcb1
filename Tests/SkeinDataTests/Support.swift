import Foundation
import SkeinTestSupport
import Testing

@testable import SkeinData

/// A folder that is removed at the end of a test.
final class Scratch {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  func file(_ name: String) -> String { folder.file(name) }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

/// The faults that `body` throws, nil where it throws none.
func faults(_ body: () throws -> Void) throws -> [DataFault]? {
  do {
    try body()
    return nil
  } catch let error as DataError {
    return error.faults
  }
}

/// Small datasets for tests.
enum Sample {
  /// `count` samples of 3 × 2 bytes with labels 0, 1, 2, 0, …, in shards of `perShard`.
  static func dataset(
    at path: String, count: Int = 10, perShard: Int = 4, level: Int = 3, split: String = "train"
  ) throws {
    let writer = try DatasetWriter(
      creating: path, manifest, options: .init(shardSamples: perShard, level: level))
    var stream = SampleArray(
      elements(count), sampleShape: [3, 2], labels: labels(count), name: "test")
    try writer.add(split, from: &stream)
    try writer.finish()
  }

  static let manifest = Manifest(
    name: "test", classes: ["a", "b", "c"], sample: .init(shape: [3, 2], type: .uint8),
    provenance: "made by a test")

  static func elements(_ count: Int) -> [UInt8] {
    (0..<(count * 6)).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 7) }
  }

  static func labels(_ count: Int) -> [Int32] {
    (0..<count).map { Int32($0 % 3) }
  }
}

extension Split {
  /// All samples and labels through `read`.
  func everything(scale: Float = 1) -> (samples: [Float], labels: [Int32]) {
    samplesAndLabels((0..<count).map(Int32.init), scale: scale)
  }

  /// The samples `rows` and their labels through `read`.
  func samplesAndLabels(_ rows: [Int32], scale: Float) -> (samples: [Float], labels: [Int32]) {
    var samples = [Float](repeating: .nan, count: rows.count * sampleSize)
    var labels = [Int32](repeating: -7, count: rows.count)
    rows.withUnsafeBufferPointer { rows in
      samples.withUnsafeMutableBufferPointer { samples in
        labels.withUnsafeMutableBufferPointer { labels in
          read(
            BatchRows(rows), into: BatchMemory(samples: samples, labels: labels), scale: scale)
        }
      }
    }
    return (samples, labels)
  }
}
