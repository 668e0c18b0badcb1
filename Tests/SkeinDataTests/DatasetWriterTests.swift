import Foundation
import Testing

@testable import SkeinData
@testable import SkeinFiles

@Suite struct DatasetWriterTests {
  @Test func everyTypeComesBack() throws {
    for perShard in [1, 3, 100] {
      try roundTrip((0..<42).map { UInt8($0) }, perShard)
      try roundTrip((0..<42).map { Int8($0 - 21) }, perShard)
      try roundTrip((0..<42).map { Int16($0 * 700 - 9000) }, perShard)
      try roundTrip((0..<42).map { Int32($0 * 70_000_000 - 1_000_000_000) }, perShard)
      try roundTrip((0..<42).map { Float($0) / 3 }, perShard)
      try roundTrip((0..<42).map { Double($0) / -7 }, perShard)
    }
  }

  private func roundTrip<Element: SampleElement>(_ elements: [Element], _ perShard: Int) throws {
    let scratch = try Scratch()
    // 300 classes want labels of two bytes.
    for classes in [7, 300] {
      let labels: [Int32] = [0, 1, 2, 3, 4, 5, Int32(classes - 1)]
      let manifest = Manifest(
        name: "t", classes: (0..<classes).map(String.init),
        sample: .init(shape: [2, 3], type: Element.elementType), provenance: nil)
      let writer = try DatasetWriter(
        creating: scratch.file("\(classes)"), manifest,
        options: .init(shardSamples: perShard, level: 1))
      var stream = SampleArray(elements, sampleShape: [2, 3], labels: labels, name: "t")
      try writer.add("train", from: &stream)
      try writer.finish()
      let split = try DatasetFolder(opening: scratch.file("\(classes)")).load("train", threads: 2)
      let (samples, found) = split.everything()
      #expect(samples == elements.map(\.floatValue), "\(Element.self), \(perShard) a shard")
      #expect(found == labels && split.elementType == Element.elementType)
    }
  }

  @Test func anExistingDatasetIsKeptUnlessAskedFor() throws {
    let scratch = try Scratch()
    try Sample.dataset(at: scratch.path, count: 5, perShard: 2)
    let before = scratch.names
    #expect(throws: DataError.self) { try Sample.dataset(at: scratch.path) }
    #expect(scratch.names == before)

    let writer = try DatasetWriter(creating: scratch.path, Sample.manifest, existing: .replace)
    var stream = SampleArray(
      Sample.elements(3), sampleShape: [3, 2], labels: Sample.labels(3), name: "t")
    try writer.add("train", from: &stream)
    // Until the end the old dataset is whole.
    #expect(try DatasetFolder(opening: scratch.path).load("train", threads: 1).count == 5)
    try writer.finish()
    #expect(try DatasetFolder(opening: scratch.path).load("train", threads: 1).count == 3)
    #expect(
      scratch.names == [
        "dataset.json", "train-000-images-2.idx.zst", "train-000-labels-2.idx.zst",
      ])
  }

  /// A slash and an accent behind it are one character, and still a way out of the folder.
  @Test func anOldManifestRemovesNothingElsewhere() throws {
    let scratch = try Scratch()
    let path = scratch.file("set")
    let victims = ["v.idx.zst", "\u{301}v.idx.zst"]
    for name in victims { try scratch.write([1], to: name) }
    for name in victims {
      var old = HandMade()
      old.edit = { $0.splits["train"]?[0].images.file = "../" + name }
      try? FileManager.default.removeItem(atPath: path)
      try old.write(to: path)
      let writer = try DatasetWriter(creating: path, Sample.manifest, existing: .replace)
      var stream = SampleArray(
        Sample.elements(3), sampleShape: [3, 2], labels: Sample.labels(3), name: "t")
      try writer.add("train", from: &stream)
      try writer.finish()
    }
    #expect(scratch.names.count == 3, "\(scratch.names)")
  }

  @Test func aFailureLeavesNothingBehind() throws {
    let scratch = try Scratch()
    for bad: Int32 in [-1, 3, .max] {
      let path = scratch.file("a/b")
      let found = try faults {
        let writer = try DatasetWriter(
          creating: path, Sample.manifest, options: .init(shardSamples: 2, level: 1))
        var stream = SampleArray(
          Sample.elements(5), sampleShape: [3, 2], labels: [0, 1, 2, bad, 0], name: "labels")
        try writer.add("train", from: &stream)
        try writer.finish()
      }
      #expect(
        found?.first?.place == "label of sample 3, counted from 0"
          && found?.first?.found == "\(bad)")
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func wrongRequestsAreExplained() throws {
    let scratch = try Scratch()
    func add(_ split: String, shape: [Int] = [3, 2], count: Int = 2) throws -> [DataFault]? {
      try faults {
        let writer = try DatasetWriter(creating: scratch.path, Sample.manifest)
        var stream = SampleArray(
          Sample.elements(count), sampleShape: shape, labels: Sample.labels(count), name: "t")
        try writer.add(split, from: &stream)
      }
    }
    for split in ["", "a/b", "..", "a b", "ä", "a\u{0}", String(repeating: "a", count: 65)] {
      #expect(try add(split)?.first?.place == "splits", "\(split)")
    }
    #expect(try add("train", shape: [2, 3])?.first?.found == "2 × 3 uint8")
    #expect(try add("train", count: 0)?.first?.expected == "at least one sample")
    for level in [0, 20, .max, .min] {
      #expect(throws: DataError.self) {
        _ = try DatasetWriter(
          creating: scratch.path, Sample.manifest, options: .init(level: level))
      }
    }
    #expect(
      try faults { try DatasetWriter(creating: scratch.path, Sample.manifest).finish() } != nil)
    #expect(throws: FileSystemError.self) {
      _ = try DatasetWriter(creating: "/proc/none/set", Sample.manifest)
    }
    #expect(scratch.names.isEmpty)
  }

  @Test func equalContentGivesEqualFiles() throws {
    let (first, second) = (try Scratch(), try Scratch())
    for scratch in [first, second] { try Sample.dataset(at: scratch.path, level: 19) }
    for name in first.names { #expect(try first.bytes(name) == second.bytes(name), "\(name)") }
  }
}
