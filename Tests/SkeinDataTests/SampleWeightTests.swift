import Testing

@testable import SkeinData

/// Weights of samples: packed, read back, and refused where they are none.
@Suite struct SampleWeightTests {
  private func pack(
    _ weights: [UInt8], samples: Int = 4, perShard: Int = 3
  ) throws -> (manifest: Manifest, split: Split) {
    let scratch = try Scratch()
    let images = try scratch.write(
      IDX.encode(Sample.elements(samples), shape: [samples, 3, 2]), to: "x")
    let labels = try scratch.write(
      IDX.encode((0..<samples).map { UInt8($0 % 2) }, shape: [samples]), to: "y")
    let file = try scratch.write(weights, to: "w")
    let manifest = try DatasetImport.add(
      .init(split: "train", images: images, labels: labels, weights: file),
      to: scratch.file("out"), options: .init(shardSamples: perShard))
    return (manifest, try DatasetFolder(opening: scratch.file("out")).load("train", threads: 2))
  }

  /// The weights of `rows` as training reads them.
  private func read(_ rows: [Int32], of source: any SampleSource) throws -> [Float] {
    var samples = [Float](repeating: 0, count: rows.count * source.sampleSize)
    var labels = [Int32](repeating: 0, count: rows.count)
    var weights = [Float](repeating: -1, count: rows.count)
    try BatchRows.with(rows) { rows in
      try samples.withUnsafeMutableBufferPointer { samples in
        try labels.withUnsafeMutableBufferPointer { labels in
          try weights.withUnsafeMutableBufferPointer { weights in
            try source.read(
              rows,
              into: BatchMemory(
                samples: samples, targets: TargetMemory(.labels(labels), weights: weights)))
          }
        }
      }
    }
    return weights
  }

  @Test func weightsAreReadBack() throws {
    let (manifest, split) = try pack(IDX.encode([0.5, 2, 0, 1e-3] as [Double], shape: [4]))
    #expect(manifest.format == 2)
    #expect(manifest.splits["train"]?.map { $0.weights?.rawBytes } == [20, 12])
    #expect(split.weights == [0.5, 2, 0, 1e-3] && split.hasWeights)
    let scaled = split.scaled(by: 2)
    #expect(scaled.hasWeights)
    #expect(try read([3, 0, 1, 1], of: scaled) == [1e-3, 0.5, 2, 2])
    let validation = Subset(scaled, rows: [2, 1], name: "validation")
    #expect(try read([1, 0], of: validation) == [2, 0])
    // Integers do as well.
    #expect(
      try pack(IDX.encode([3, 1, 0, 2] as [UInt8], shape: [4])).split.weights == [3, 1, 0, 2])
  }

  /// Files that are decoded piece by piece.
  @Test func manyWeightsAndLabelsAreReadBack() throws {
    let count = 200_000
    let scratch = try Scratch()
    let weights = (0..<count).map { Float($0 % 1013) / 8 }
    let labels = (0..<count).map { Int32($0 / 3 % 2) }
    var stream = SampleArray(
      [UInt8](repeating: 1, count: count), sampleShape: [1], labels: labels, weights: weights,
      name: "test")
    let writer = try DatasetWriter(
      creating: scratch.file("out"),
      Manifest(
        name: "test", classes: ["a", "b"], sample: .init(shape: [1], type: .uint8),
        provenance: nil), options: .init(shardSamples: 150_000))
    try writer.add("train", from: &stream)
    try writer.finish()
    let folder = try DatasetFolder(opening: scratch.file("out"))
    #expect(try folder.load("train", threads: 2).weights == weights)
    #expect(try folder.labels(of: "train") == labels)
  }

  @Test func samplesWithoutWeightsCountOne() throws {
    let split = Split(
      name: "train", sampleShape: [1], classCount: 2, samples: [1, 2] as [Float], labels: [0, 1])
    #expect(!split.hasWeights && split.weights == nil)
    #expect(try read([1, 0], of: split) == [1, 1])
  }

  @Test func whatIsNoWeightIsRefused() throws {
    func refused(_ file: [UInt8]) throws -> DataFault? {
      try faults { _ = try pack(file) }?.first
    }
    for bad in [-1, Double.nan, .infinity, 1e39] {
      let fault = try refused(IDX.encode([1, 1, bad, 1], shape: [4]))
      #expect(fault?.place == "weight of sample 2, counted from 0", "\(bad)")
      #expect(fault?.expected.contains("not below 0") == true)
    }
    #expect(
      try refused(IDX.encode([1, 1, 1] as [Float], shape: [3]))?.expected.hasPrefix("4 weights")
        == true)
  }

  @Test func aManifestWithHalfTheWeightsIsRefused() throws {
    let scratch = try Scratch()
    var stream = SampleArray(
      Sample.elements(4), sampleShape: [3, 2], labels: [0, 1, 0, 1], weights: [1, 2, 3, 4],
      name: "test")
    let writer = try DatasetWriter(
      creating: scratch.file("out"),
      Manifest(
        name: "test", classes: ["a", "b"], sample: .init(shape: [3, 2], type: .uint8),
        provenance: nil), options: .init(shardSamples: 2))
    try writer.add("train", from: &stream)
    try writer.finish()
    var manifest = writer.manifest
    #expect(ManifestCheck.faults(of: manifest, file: "f").isEmpty)
    manifest.splits["train"]?[1].weights = nil
    #expect(ManifestCheck.faults(of: manifest, file: "f").first?.found == "1 of 2 with weights")
    manifest = writer.manifest
    manifest.format = 1
    #expect(ManifestCheck.faults(of: manifest, file: "f").first?.expected == "format 2")
    manifest = writer.manifest
    manifest.splits["train"]?[0].weights?.rawBytes = 17
    #expect(ManifestCheck.faults(of: manifest, file: "f").first?.expected == "16 for 2 float32")
  }

  @Test func aColumnOfATableIsTheWeight() throws {
    let bench = try TableBench(
      """
      size,w,kind
      1,0.5,b
      2,3,a
      4,0,a

      """)
    let report = try bench.make(.all("kind").with { $0.weight = "w" })
    #expect(report.columns.map(\.kind) == ["number", "weight", "target"])
    #expect(try bench.split().weights == [0.5, 3, 0])
    #expect(try bench.dataset.manifest.features?.map(\.name) == ["size"])
    for (text, line) in [("1,x,a\n2,1,b\n", ".csv:2:3"), ("1,1,a\n2,,b\n", ".csv:3:3")] {
      let bench = try TableBench("size,w,kind\n" + text)
      let fault = try faults {
        try bench.make(.all("kind").with { $0.weight = "w" })
      }?.first
      #expect(fault.map { "\($0)" }?.contains(line) == true, "\(String(describing: fault))")
    }
    for name in ["kind", "nothing"] {
      #expect(
        try faults { try bench.make(.all("kind").with { $0.weight = name }) }?.isEmpty == false)
    }
  }

  @Test func identitiesTellWeightsApart() {
    func identity(_ weights: [Float]?) -> String {
      ArrayDataset(
        train: Split(
          name: "train", sampleShape: [1], classCount: 2, samples: [1, 2] as [Float],
          labels: [0, 1], weights: weights)
      ).identity
    }
    #expect(Set([identity(nil), identity([1, 1]), identity([1, 2])]).count == 3)
  }

  @Test func labelsAloneAreRead() throws {
    let scratch = try Scratch()
    var stream = SampleArray(
      Sample.elements(5), sampleShape: [3, 2], labels: [0, 1, 0, 1, 1], name: "test")
    let writer = try DatasetWriter(
      creating: scratch.file("out"),
      Manifest(
        name: "test", classes: ["a", "b"], sample: .init(shape: [3, 2], type: .uint8),
        provenance: nil), options: .init(shardSamples: 2))
    try writer.add("train", from: &stream)
    try writer.finish()
    let folder = try DatasetFolder(opening: scratch.file("out"))
    #expect(try folder.labels(of: "train") == [0, 1, 0, 1, 1])
    let file = try #require(writer.manifest.splits["train"]?[1].labels?.file)
    try scratch.write([1, 2, 3], to: "out/" + file)
    #expect(try faults { _ = try folder.labels(of: "train") }?.count == 1)
  }
}
