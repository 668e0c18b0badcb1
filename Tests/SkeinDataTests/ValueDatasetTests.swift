import Foundation
import SkeinFiles
import Testing

@testable import SkeinData

/// Datasets whose targets are values.
enum Values {
  /// `count` samples of 3 × 2 bytes with two values each.
  static func values(_ count: Int) -> [Float] {
    (0..<count).flatMap { row -> [Float] in
      let age = (row * 7) % 5 + 100
      return [Float(row) * 0.5 - 1, Float(age)]
    }
  }

  static let manifest = Manifest(
    name: "test", values: ValueTargets(names: ["price", "age"]),
    sample: .init(shape: [3, 2], type: .uint8), provenance: "made by a test")

  static func dataset(
    at path: String, count: Int = 10, perShard: Int = 4, standardises: Bool = true,
    splits: [String] = ["train"], values: [Float]? = nil
  ) throws {
    let writer = try DatasetWriter(
      creating: path, manifest,
      options: .init(shardSamples: perShard, level: 3, standardises: standardises))
    for split in splits {
      var stream = SampleArray(
        Sample.elements(count), sampleShape: [3, 2], values: values ?? Self.values(count),
        outputs: 2, name: "test")
      try writer.add(split, from: &stream)
    }
    try writer.finish()
  }

  /// A dataset of one shard of 4 samples, built by hand, of which each part can be wrong.
  static func handMade(
    at path: String, _ values: [Float], shape: [Int] = [4, 2], file: [UInt8]? = nil,
    edit: (inout Manifest) -> Void = { _ in }
  ) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    func entry(_ name: String, _ raw: [UInt8]) throws -> Manifest.File {
      let bytes = Packing.zstd(raw)
      try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
      return Manifest.File(
        file: name, bytes: bytes.count, rawBytes: raw.count,
        sha256: SHA256.hexadecimal(of: bytes))
    }
    var found = manifest
    found.splits["train"] = [
      Manifest.Shard(
        count: 4, images: try entry("i.idx.zst", IDX.encode(Sample.elements(4), shape: [4, 3, 2])),
        targets: try entry("t.idx.zst", file ?? IDX.encode(values, shape: shape)))
    ]
    edit(&found)
    try Data(ManifestFile.encode(found)).write(to: URL(fileURLWithPath: path + "/dataset.json"))
  }
}

extension Manifest {
  /// Says how the targets, which are values, are standardised.
  mutating func standardise(_ mean: [Double], _ deviation: [Double]) {
    targets?.mean = mean
    targets?.deviation = deviation
  }
}

extension Split {
  /// The values of `rows` through `read`, as a network sees them.
  func readValues(_ rows: [Int32], scaled: Scaled? = nil) -> [Float] {
    let outputs = target.outputs
    var samples = [Float](repeating: .nan, count: rows.count * sampleSize)
    var values = [Float](repeating: .nan, count: rows.count * outputs)
    rows.withUnsafeBufferPointer { rows in
      samples.withUnsafeMutableBufferPointer { samples in
        values.withUnsafeMutableBufferPointer { values in
          let memory = BatchMemory(samples: samples, targets: .values(values))
          if let scaled {
            scaled.read(BatchRows(rows), into: memory)
          } else {
            read(BatchRows(rows), into: memory)
          }
        }
      }
    }
    return values
  }
}

@Suite struct ValueDatasetTests {
  @Test func everyCountInEveryShardSizeComesBack() throws {
    for count in [2, 3, 8, 17] {
      for perShard in [1, 3, 4, 20] {
        let scratch = try Scratch()
        try Values.dataset(at: scratch.path, count: count, perShard: perShard, splits: ["test"])
        let split = try DatasetFolder(opening: scratch.path).load("test", threads: 3)
        #expect(split.target == .values(2) && split.count == count && split.classCount == 0)
        let values = Values.values(count)
        #expect((0..<count).flatMap { split.values(at: $0) } == values, "\(count) by \(perShard)")
        // Without a split `train` nothing is known to standardise by.
        #expect(split.readValues((0..<Int32(count)).map { $0 }) == values)
        #expect(split.label(at: 0) == -1)
        let samples = (0..<count).flatMap { split.stored($0) }
        #expect(samples == Sample.elements(count).map(Float.init))
      }
    }
  }

  @Test func targetsAreStandardisedByTheTrainingSplit() throws {
    let scratch = try Scratch()
    try Values.dataset(at: scratch.path, count: 10, splits: ["train", "test"])
    let folder = try DatasetFolder(opening: scratch.path)
    let targets = try #require(folder.manifest.targets?.values)
    let values = Values.values(10).map(Double.init)
    for column in 0..<2 {
      let own = stride(from: column, to: values.count, by: 2).map { values[$0] }
      let mean = own.reduce(0, +) / 10
      let deviation = (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10).squareRoot()
      #expect(abs(targets.mean(of: column) - mean) <= 1e-12 * 200)
      #expect(abs(targets.deviation(of: column) / deviation - 1) <= 1e-12)
    }
    let test = try folder.load("test", threads: 1)
    let read = test.readValues([3, 0, 3])
    for (place, row) in [3, 0, 3].enumerated() {
      for column in 0..<2 {
        let expected =
          (values[row * 2 + column] - targets.mean(of: column)) / targets.deviation(of: column)
        #expect(read[place * 2 + column] == Float(expected))
        let back = targets.restored(read[place * 2 + column], column)
        #expect(abs(back - values[row * 2 + column]) <= 1e-5 * 100)
      }
    }
    // A run's own means go before those of the dataset.
    let own = ValueTargets(names: ["price", "age"], mean: [1, 2], deviation: [2, 4])
    let scaled = test.scaled(by: 255, values: own)
    let expected: [Float] = [-0.25, 24.75]
    #expect(test.readValues([3], scaled: scaled) == expected)
    // Raw targets stay as they are.
    let raw = try Scratch()
    try Values.dataset(at: raw.path, count: 10, standardises: false)
    let kept = try DatasetFolder(opening: raw.path)
    #expect(kept.manifest.targets?.mean == nil && kept.manifest.targets?.deviation == nil)
    #expect(try kept.load("train", threads: 1).readValues([4]) == Array(Values.values(5).suffix(2)))
  }

  @Test func aConstantTargetIsNamed() throws {
    let scratch = try Scratch()
    let values: [Float] = (0..<10).flatMap { row -> [Float] in [Float(row), 7] }
    let found = try faults { try Values.dataset(at: scratch.file("set"), values: values) }
    #expect(found?.count == 1 && found?.first?.place == "target \"age\"")
    #expect(found?.first?.advice?.contains("--raw-targets") == true)
    #expect(!scratch.names.contains("set"))
    try Values.dataset(at: scratch.file("set"), standardises: false, values: values)
    let split = try DatasetFolder(opening: scratch.file("set")).load("train", threads: 1)
    #expect(try faults { _ = try split.standardised() }?.first?.place == "target \"age\"")
    // In the manifest of a stranger.
    let wrong = try Scratch()
    try Values.handMade(at: wrong.path, Values.values(4)) {
      $0.standardise([0, 0], [1, 0])
    }
    let told = try faults { _ = try DatasetFolder(opening: wrong.path) }
    #expect(told?.first?.place == "targets.deviation[1]")
    #expect(told?.first?.found.contains("age") == true)
  }

  @Test func formatOneIsStillWrittenForClasses() throws {
    let scratch = try Scratch()
    try Sample.dataset(at: scratch.path)
    let text = String(decoding: try scratch.bytes("dataset.json"), as: UTF8.self)
    #expect(text.contains("\"format\" : 1") && !text.contains("targets"))
    try Values.dataset(at: scratch.file("values"))
    let values = String(decoding: try scratch.bytes("values/dataset.json"), as: UTF8.self)
    #expect(values.contains("\"format\" : 2") && !values.contains("classes"))
    #expect(!values.contains("labels"))
  }

  @Test func eachWrongValueOfAManifestIsNamed() throws {
    let scratch = try Scratch()
    try Values.handMade(at: scratch.path, Values.values(4)) {
      $0.standardise([0.5, 100.25], [1.5, 2])
    }
    let text = String(decoding: try scratch.bytes("dataset.json"), as: UTF8.self)
    func found(_ text: String) throws -> [DataFault]? {
      try scratch.write(Array(text.utf8), to: "dataset.json")
      return try faults {
        _ = try DatasetFolder(opening: scratch.path).load("train", threads: 1)
      }
    }
    #expect(try found(text) == nil)
    let table: [(String, String, String?)] = [
      ("\"format\" : 2", "\"format\" : 1", "format"),
      ("\"format\" : 2", "\"format\" : 3", "format"),
      ("\"name\" : \"test\"", "\"classes\" : [\"a\"], \"name\" : \"test\"", "classes"),
      ("\"price\"", "\"age\"", "targets.names"),
      ("\"price\",", "", "targets.shape"),
      ("\"float32\"", "\"float16\"", "targets.type"),
      ("\"float32\"", "\"float64\"", "splits.train[0].targets.rawBytes"),
      ("\"names\"", "\"nams\"", nil),
      ("\"mean\"", "\"means\"", "targets"),
      ("0.5,", "", "targets.mean"),
      ("0.5,", "1e999,", nil),
      ("0.5,", "null,", nil),
      ("0.5,", "\"a\",", nil),
      ("1.5,", "-1.5,", "targets.deviation[0]"),
      ("1.5,", "0,", "targets.deviation[0]"),
      ("    \"shape\" : [\n      2\n", "    \"shape\" : [\n      3\n", "targets.shape"),
      ("    \"shape\" : [\n      2\n", "    \"shape\" : [\n      1, 2\n", "targets.shape"),
      ("    \"shape\" : [\n      2\n", "    \"shape\" : [\n      -2\n", "targets.shape"),
      (
        "    \"shape\" : [\n      2\n", "    \"shape\" : [\n      9223372036854775807\n",
        "targets.shape"
      ),
      ("        \"targets\"", "        \"targts\"", "splits.train[0].targets"),
      ("        \"targets\"", "        \"labels\"", "splits.train[0].labels"),
    ]
    for (old, new, place) in table {
      // Of the two shapes the targets' one is the last.
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect(changed != text, "\(old) is not in the manifest")
      let faults = try found(changed)
      #expect(faults != nil, "\(new)")
      if let place {
        #expect(faults?.contains { $0.place == place } == true, "\(new): \(faults as Any)")
      }
    }
  }

  @Test func bothKindsOfTargetsOrNoneAreRefused() throws {
    let scratch = try Scratch()
    try Values.handMade(at: scratch.path, Values.values(4)) {
      let images = $0.splits["train"]?[0].images
      $0.splits["train"]?[0].labels = images
    }
    #expect(
      try faults { _ = try DatasetFolder(opening: scratch.path) }?.first?.place
        == "splits.train[0].labels")
    try Values.handMade(at: scratch.path, Values.values(4)) { $0.splits["train"]?[0].targets = nil }
    #expect(
      try faults { _ = try DatasetFolder(opening: scratch.path) }?.first?.place
        == "splits.train[0].targets")
    var classes = HandMade()
    classes.edit = {
      let images = $0.splits["train"]?[0].images
      $0.splits["train"]?[0].targets = images
    }
    #expect(try classes.faults()?.first?.place == "splits.train[0].targets")
    classes.edit = { $0.splits["train"]?[0].labels = nil }
    #expect(try classes.faults()?.first?.place == "splits.train[0].labels")
  }

  @Test func targetsThatAreNoFiniteNumbersAreRefused() throws {
    for bad in [Float.nan, .infinity, -.infinity] {
      let scratch = try Scratch()
      var values = Values.values(4)
      values[5] = bad
      try Values.handMade(at: scratch.path, values)
      let folder = try DatasetFolder(opening: scratch.path)
      let found = try faults { _ = try folder.load("train", threads: 1) }
      #expect(found?.first?.place == "target of sample 2, counted from 0")
      #expect(found?.first?.expected.contains("age") == true)
      #expect(try folder.verify(threads: 1).flatMap(\.faults).count == 1)
    }
    // Finite, and infinite once it is standardised.
    let scratch = try Scratch()
    var values = Values.values(4)
    values[0] = 3e38
    try Values.handMade(at: scratch.path, values) {
      $0.standardise([0, 0], [1e-3, 1])
    }
    let folder = try DatasetFolder(opening: scratch.path)
    #expect(try faults { _ = try folder.load("train", threads: 1) } != nil)
    // A stored type that a Float cannot hold.
    let wide = try Scratch()
    let doubles: [Double] = [1, 2, 3, 4, 1e300, 6, 7, 8]
    try Values.handMade(at: wide.path, [], file: IDX.encode(doubles, shape: [4, 2])) {
      $0.targets?.type = .float64
    }
    let big = try faults {
      _ = try DatasetFolder(opening: wide.path).load("train", threads: 1)
    }
    #expect(big?.first?.found == "1e+300")
    let whole = try Scratch()
    let bytes: [Int16] = [1, -2, 3, -4, 5, -6, 7, -8]
    try Values.handMade(at: whole.path, [], file: IDX.encode(bytes, shape: [4, 2])) {
      $0.targets?.type = .int16
    }
    let split = try DatasetFolder(opening: whole.path).load("train", threads: 1)
    #expect(split.values(at: 1) == [3, -4])
  }

  @Test func everyPrefixAndFlippedBitOfATargetFileIsRefusedOrSound() throws {
    let scratch = try Scratch()
    try Values.handMade(at: scratch.path, Values.values(4))
    let file = try scratch.bytes("t.idx.zst")
    let folder = try DatasetFolder(opening: scratch.path)
    func isRefused(_ bytes: [UInt8], checksHashes: Bool = true) throws -> Bool {
      try scratch.write(bytes, to: "t.idx.zst")
      return try faults {
        _ = try folder.load("train", threads: 1, checksHashes: checksHashes)
      } != nil
    }
    #expect(try !isRefused(file))
    for length in 0..<file.count { #expect(try isRefused(Array(file[..<length])), "\(length)") }
    for bit in 0..<(8 * file.count) {
      var changed = file
      changed[bit / 8] ^= 1 << (bit % 8)
      #expect(try isRefused(changed), "bit \(bit)")
      // Without the hash the decoder decides; it never traps.
      _ = try isRefused(changed, checksHashes: false)
    }
    for shape in [[8], [2, 4], [4, 1, 2]] {
      let other = try Scratch()
      let raw = IDX.encode(Values.values(4), shape: shape)
      try Values.handMade(at: other.path, [], file: raw)
      #expect(
        try faults {
          _ = try DatasetFolder(opening: other.path).load("train", threads: 1)
        } != nil, "\(shape)")
    }
  }

  @Test func everyFlippedByteOfAManifestIsRefusedOrSound() throws {
    let scratch = try Scratch()
    try Values.handMade(at: scratch.path, Values.values(4)) {
      $0.standardise([0.5, 100.25], [1.5, 2])
    }
    let text = try scratch.bytes("dataset.json")
    for index in text.indices {
      var changed = text
      changed[index] ^= 1 << (index % 8)
      try scratch.write(changed, to: "dataset.json")
      _ = try faults { _ = try DatasetFolder(opening: scratch.path).load("train", threads: 1) }
    }
  }

  @Test func identityKnowsTheTargets() throws {
    let scratch = try Scratch()
    func identity(_ edit: (inout Manifest) -> Void) throws -> String {
      try Values.handMade(at: scratch.path, Values.values(4), edit: edit)
      return try DatasetFolder(opening: scratch.path).identity
    }
    let all = [
      try identity { _ in }, try identity { $0.targets?.names = ["price", "years"] },
      try identity { $0.standardise([0, 0], [1, 1]) },
      try identity { $0.standardise([0, 1], [1, 1]) },
      try identity { $0.standardise([0, 0], [1, 2]) },
    ]
    #expect(Set(all).count == all.count)
  }

  @Test func valuesAreInspectedAndShown() throws {
    let scratch = try Scratch()
    try Values.dataset(at: scratch.path, count: 10, splits: ["train", "test"])
    let folder = try DatasetFolder(opening: scratch.path)
    let summary = try DatasetSummary(of: folder, threads: 1)
    #expect(summary.targets?.names == ["price", "age"] && summary.classes == [])
    #expect(summary.splits[0].targetValues?.map(\.minimum) == [-1, 100])
    #expect(summary.splits[0].targetValues?.map(\.maximum) == [3.5, 104])
    #expect(summary.text.contains("price (mean 1.25") && summary.text.contains("age: 100…104"))
    let grid = SampleGrid(style: .ramp, width: 80)
    let split = try folder.load("test", threads: 1)
    #expect(grid.draw([2], of: split, classes: []).hasPrefix("2: 0.0, 104.0"))
    let report = try folder.verify(threads: 1)
    #expect(report.count == 12 && report.allSatisfy(\.faults.isEmpty))
  }

  @Test func arraysOfAProgram() throws {
    let values = Values.values(6)
    let train = Split(
      name: "train", sampleShape: [3, 2], samples: Sample.elements(6), values: values,
      targets: ValueTargets(names: ["price", "age"]))
    let test = Split(
      name: "test", sampleShape: [3, 2], samples: Sample.elements(6), values: values,
      targets: ValueTargets(names: ["price", "age"]))
    let raw = ArrayDataset(train: train, test: test)
    #expect(raw.manifest.target == .values(2) && raw.manifest.format == 2)
    let standard = ArrayDataset(targets: try train.standardised(), train: train, test: test)
    #expect(standard.identity != raw.identity)
    #expect(standard.manifest.targets?.values.areStandardised == true)
    let one = Split(name: "t", sampleShape: [1], samples: [1, 2] as [Float], values: [3, 4])
    #expect(one.valueTargets?.names == ["target 1"] && one.values(at: 1) == [4])
  }
}
