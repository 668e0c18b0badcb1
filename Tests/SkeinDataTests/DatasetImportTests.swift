import Foundation
import Testing

@testable import SkeinData

@Suite struct DatasetImportTests {
  private static let images = IDX.encode(Sample.elements(5), shape: [5, 3, 2])
  private static let labels = IDX.encode([0, 1, 2, 2, 1] as [UInt8], shape: [5])

  @Test func classicFilesAreFoundUnderAllNames() throws {
    for (images, labels) in [
      ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
      ("train-images.idx3-ubyte.gz", "train-labels-idx1-ubyte"),
      ("train-images-idx3-ubyte.zst", "train-labels.idx1-ubyte.gz"),
    ] {
      let scratch = try Scratch()
      for (name, content) in [(images, Self.images), (labels, Self.labels)] {
        let isPacked = name.hasSuffix("z") || name.hasSuffix("t")
        let packed = name.hasSuffix("gz") ? Packing.gzip(content) : Packing.zstd(content)
        try scratch.write(isPacked ? packed : content, to: name)
      }
      let sources = try DatasetImport.classicFiles(in: scratch.path)
      #expect(sources.map(\.split) == ["train"], "\(images)")
      let manifest = try DatasetImport.create(scratch.file("out"), from: sources)
      #expect(manifest.name == "out" && manifest.classes == ["0", "1", "2"])
      let split = try DatasetFolder(opening: scratch.file("out")).load("train", threads: 1)
      #expect(split.everything().samples == Sample.elements(5).map(Float.init))
      #expect(split.everything().labels == [0, 1, 2, 2, 1])
    }
  }

  @Test func halfAPairIsAFault() throws {
    let scratch = try Scratch()
    #expect(try faults { _ = try DatasetImport.classicFiles(in: scratch.path) }?.count == 2)
    try scratch.write(Self.images, to: "train-images-idx3-ubyte")
    try scratch.write(Self.images, to: "t10k-images-idx3-ubyte")
    #expect(try faults { _ = try DatasetImport.classicFiles(in: scratch.path) }?.count == 2)
  }

  @Test func splitsAreAddedAndReplaced() throws {
    let scratch = try Scratch()
    let images = try scratch.write(Self.images, to: "i")
    let labels = try scratch.write(Self.labels, to: "l")
    let out = scratch.file("out")
    func add(
      _ split: String, _ about: DatasetImport.Description = .init(), replace: Bool = false
    ) throws -> [DataFault]? {
      try faults {
        try DatasetImport.add(
          .init(split: split, images: images, labels: labels), to: out, about,
          existing: replace ? .replace : .refuse)
      }
    }
    #expect(try add("train", .init(classes: ["x", "y", "z"])) == nil)
    #expect(try add("test") == nil)
    #expect(try add("test")?.first?.found == "one")
    #expect(try add("test", replace: true) == nil)
    #expect(try add("more", .init(name: "other"))?.first?.place == "name")
    #expect(try add("more", .init(classes: ["x"]))?.first?.place == "classes")
    let folder = try DatasetFolder(opening: out)
    #expect(folder.manifest.splitNames == ["train", "test"])
    #expect(folder.manifest.classes == ["x", "y", "z"])
    #expect(try folder.verify(threads: 2).allSatisfy(\.faults.isEmpty))
    let names = try FileManager.default.contentsOfDirectory(atPath: out)
    #expect(names.count == 5, "\(names)")
  }

  @Test func wrongPairsAreExplained() throws {
    let scratch = try Scratch()
    let images = try scratch.write(Self.images, to: "i")
    let labels = try scratch.write(Self.labels, to: "l")
    func found(_ images: String, _ labels: String) throws -> DataFault? {
      try faults { _ = try ArrayPair(images: images, labels: labels) }?.first
    }
    #expect(try found(labels, images)?.advice == "images and labels seem to be swapped")
    let four = try scratch.write(IDX.encode([0, 1, 2, 2] as [UInt8], shape: [4]), to: "four")
    #expect(try found(images, four)?.found == "4")
    let floats = try scratch.write(IDX.encode([0, 1, 2, 2, 1] as [Float], shape: [5]), to: "f")
    #expect(try found(images, floats) == nil)
    let halves = try scratch.write(IDX.encode([0, 1, 2, 2.5, 1] as [Float], shape: [5]), to: "h")
    #expect(try found(images, halves) == nil, "these are values")
    let large = try scratch.write(
      IDX.encode([0, 1, 70_000, 2, 1] as [Int32], shape: [5]), to: "large")
    let source = DatasetImport.Source(split: "train", images: images, labels: large)
    let fault = try faults { try DatasetImport.create(scratch.file("out"), from: [source]) }
    #expect(fault?.first?.found == "70000")
  }

  @Test func samplesWithoutLabelsAreRead() throws {
    let scratch = try Scratch()
    let many = try scratch.write(Packing.gzip(Self.images), to: "many")
    let one = try scratch.write(
      IDX.encode([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]), to: "one")
    for limit in [1, 2, 5, 100] {
      let file = try SampleFile(path: many, sampleShape: [3, 2])
      var samples: [Float] = []
      while let chunk = try file.next(limit, target: .classes(3)) {
        #expect(chunk.label(at: 0) == -1 && chunk.classCount == 3 && chunk.count <= limit)
        samples += chunk.everything().samples
      }
      #expect(samples == Sample.elements(5).map(Float.init), "chunks of \(limit)")
      #expect(file.values.maximum == Double(Sample.elements(5).max() ?? 0))
    }
    #expect(try SampleFile(path: one, sampleShape: [3, 2]).count == 1)
    for (shape, count) in [([3, 2, 1], 5), ([1, 3, 2], 5), ([6], 5)] {
      #expect(try SampleFile(path: many, sampleShape: shape).count == count, "\(shape)")
    }
    let found = try faults { _ = try SampleFile(path: many, sampleShape: [2, 3]) }
    #expect(found?.first?.found == "5 × 3 × 2")
  }
}
