import SkeinFiles
import Testing

@testable import SkeinData

@Suite struct TableImportTests {
  /// Numbers, a category and a target, with values missing in both.
  private static let small = """
    size,colour,kind
    1,red,b
    2,,a
    ,blue,a
    3,red,b

    """

  @Test func aTableBecomesADataset() throws {
    let bench = try TableBench(Self.small)
    let report = try bench.make(.all("kind"))
    let manifest = try bench.dataset.manifest
    #expect(manifest.format == 2 && manifest.classes == ["a", "b"])
    // √(2/3), of 1, 2 and 3.
    let deviation = (2.0 / 3).squareRoot()
    let features: [Feature] = [
      .number("size", mean: 2, deviation: deviation, missing: true),
      .category("colour", levels: ["blue", "red"], missing: true),
    ]
    #expect(manifest.features == features)
    #expect(manifest.table == TableOrigin(target: "kind"))
    let unit = Float(1 / deviation)
    let expected: [[Float]] = [
      [-unit, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0, 1, 1, 0, 0], [unit, 0, 0, 1, 0],
    ]
    let samples = try bench.samples()
    #expect(samples == expected)
    let split = try bench.split()
    #expect((0..<4).map { split.label(at: $0) } == [1, 0, 0, 1])
    #expect(report.width == 5 && report.columns.map(\.kind) == ["number", "category", "target"])
    #expect(report.columns.map(\.missing) == [1, 1, 0])
    #expect(report.text.contains("1…3, mean 2, deviation 0.816"), "\(report.text)")
  }

  /// Means and deviations in another way, in two passes and long sums, of training rows alone.
  @Test func statisticsAreOfTheTrainingRows() throws {
    var generator = SystemRandomNumberGenerator()
    let rows = (0..<997).map { _ in
      (Double.random(in: -1...1, using: &generator) * 1e3 + 1e6, Bool.random(using: &generator))
    }
    let text = "x,y\n" + rows.map { "\($0.0),\($0.1 ? "p" : "q")\n" }.joined()
    let bench = try TableBench(text)
    try bench.make(TableOptions(target: "y").with { $0.seed = 3 })
    var split = RowSplit(share: 0.2, seed: 3)
    let isTest = rows.map { _ in split.next() }
    let train = rows.indices.filter { !isTest[$0] }.map { rows[$0].0 }
    let mean = train.reduce(0, +) / Double(train.count)
    let square = train.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(train.count)
    let feature = try #require(try bench.dataset.manifest.features?.first)
    // Each of n additions rounds to 2⁻⁵³ of 10⁶ at most.
    #expect(abs((feature.mean ?? 0) - mean) <= 1e6 * 0x1p-53 * 997)
    #expect(abs((feature.deviation ?? 0) - square.squareRoot()) <= 1e-9 * square.squareRoot())
    let (given, deviation) = (feature.mean ?? 0, feature.deviation ?? 1)
    func expected(_ wanted: Bool) -> [[Float]] {
      rows.indices.filter { isTest[$0] == wanted }.map { row in
        [Float((rows[row].0 - given) / deviation)]
      }
    }
    let (samples, heldOut) = (try bench.samples("train"), try bench.samples("test"))
    #expect(samples == expected(false))
    #expect(heldOut == expected(true))
  }

  /// Shards, levels of compression and pieces leave no trace.
  @Test func samplesDoNotDependOnShards() throws {
    let text =
      "a,b,y\n"
      + (0..<500).map { "\($0 * 7 % 31),\($0 % 3 == 0 ? "u" : "v"),\($0 % 2)\n" }
      .joined()
    let bench = try TableBench(text)
    try bench.make(TableOptions(target: "y"))
    let (train, test) = (try bench.samples("train"), try bench.samples("test"))
    #expect(train.count == 400 && test.count == 100)
    for samples in [1, 7, 399, 1000] {
      try bench.make(TableOptions(target: "y"), .init(shardSamples: samples, level: 3))
      #expect(try bench.samples("train") == train && bench.samples("test") == test)
    }
  }

  @Test func valuesAreTargetsToo() throws {
    let bench = try TableBench("x,price\n1.5,10\n2,\n7,40.5\n4,10\n")
    let report = try bench.make(.all("price", regression: true))
    let manifest = try bench.dataset.manifest
    #expect(manifest.classes.isEmpty && manifest.targets?.names == ["price"])
    #expect(manifest.targets?.mean == [60.5 / 3])
    let split = try bench.split()
    let values: [Float] = (0..<3).map { split.values(at: $0)[0] }
    #expect(values == [10, 40.5, 10])
    #expect(report.notes[0] == "1 row without a target is left out.")
    #expect(try bench.samples().count == 3)
  }

  @Test func aTestFileHasItsColumnsInAnyOrder() throws {
    let bench = try TableBench("x,c,y\n1,u,p\n5,v,q\n3,u,p\n")
    let test = try bench.scratch.write(
      Array("more,y;c;x\n?;q;v;3\n?;p;w;\n?;;u;3\n".utf8.map { $0 == 0x2C ? 0x3B : $0 }),
      to: "test.csv")
    let warned = Warnings()
    try bench.make(
      TableOptions(target: "y").with { $0.testFile = test }, .init(warn: warned.add))
    #expect(try bench.samples("train").count == 3)
    // The mean of x; and no known level of c.
    let samples = try bench.samples("test")
    let expected: [[Float]] = [[0, 0, 1], [0, 0, 0]]
    #expect(samples == expected)
    let texts = warned.all.joined(separator: "\n")
    #expect(texts.contains("column \"x\": 1 row without a value"), "\(texts)")
    #expect(texts.contains("\"w\" in line 3"), "\(texts)")
  }

  /// Columns that tell nothing are left out, and what is odd is understood as the user says.
  @Test func columnsAreWhatTheyHold() throws {
    let text =
      "id,same,code,zip,mark,none,when,y\n"
      + (0..<60).map { row in
        "\(row + 5),7,\(row % 3),\(10000 + row % 4),\(row % 5 == 0 ? "?" : "\(row)"),,"
          + "d\(row % 2),\(row % 2)\n"
      }.joined()
    let bench = try TableBench(text)
    let options = TableOptions.all("y").with {
      $0.categories = ["zip"]
      $0.missing = ["?"]
      $0.ignored = ["when"]
    }
    let report = try bench.make(options)
    #expect(
      report.columns.map(\.kind) == [
        "left out", "left out", "number", "category", "number", "left out", "left out", "target",
      ])
    #expect(report.columns[4].missing == 12)
    #expect(report.columns[0].detail.contains("counts the rows"))
    let features = try #require(try bench.dataset.manifest.features)
    #expect(features[1].levels == ["10000", "10001", "10002", "10003"])
    #expect(features[2].hasMissing && features[2].width == 2)
    #expect(try bench.dataset.manifest.table?.missing == ["?"])
    try bench.make(options.with { $0.numbers = ["id"] })
    #expect(try bench.dataset.manifest.features?.first?.name == "id")
  }

  @Test func classesAndLevelsHaveAnOrder() throws {
    let bench = try TableBench("c,y\nä,10\nZ,9\nb,-1\n,9.5\nb,10\n")
    try bench.make(.all("y").with { $0.categories = ["c"] })
    let manifest = try bench.dataset.manifest
    #expect(manifest.classes == ["-1", "9", "9.5", "10"])
    #expect(manifest.features?.first?.levels == ["Z", "b", "ä"])
  }

  /// How tables are written in the world: the same samples of all of them.
  @Test(arguments: [
    "x,c,y\n1.5,u,p\n2,v,q\n-3,u,p\n", "x;c;y\r\n1,5;u;p\r\n2;v;q\r\n-3;u;p\r\n",
    "\u{FEFF}x\tc\ty\n1.5\tu\tp\n2\tv\tq\n-3\tu\tp", "x|c|y\r1.5|u|p\r2|v|q\r-3|u|p\r",
    "\"x\";\"c\";\"y\"\n\"1,5\";\"u\";\"p\"\n\"2,0\";\"v\";\"q\"\n\"-3,0\";\"u\";\"p\"\n",
    "x, c, y\n\n1.5, u, p\n 2e0, v, q\n-3.0 ,u ,p \n\n",
    "\"x\",\"c\",\"y\"\n+1.5,u,p\n2.,v,q\n-3,u,p\n",
  ])
  func formatsAreGuessed(text: String) throws {
    let bench = try TableBench(text)
    try bench.make(.all("y"))
    // The mean of 1.5, 2 and −3 is 1/6.
    let deviation: Double = (15.25 / 3 - 1.0 / 36).squareRoot()
    let samples = try bench.samples()
    let levels: [[Float]] = samples.map { Array($0.dropFirst()) }
    let expected: [[Float]] = [[1, 0], [0, 1], [1, 0]]
    #expect(levels == expected)
    let x: [Double] = samples.map { Double($0[0]) * deviation + 1.0 / 6 }
    for (value, expected) in zip(x, [1.5, 2, -3]) { #expect(abs(value - expected) < 1e-6) }
  }

  @Test func aTableMayHaveNoNames() throws {
    let bench = try TableBench("5.1,3.5,u\n4.9,3.0,v\n4.7,3.2,u\n")
    try bench.make(.all("column-3"))
    let manifest = try bench.dataset.manifest
    #expect(manifest.features?.map(\.name) == ["column-1", "column-2"])
    #expect(manifest.table == TableOrigin(target: "column-3", columns: 3))
    #expect(try bench.samples().count == 3)
    // Years are names.
    let years = try TableBench("2019,2020,y\n1.5,2.5,u\n1,2,v\n")
    try years.make(.all("y"))
    #expect(try years.dataset.manifest.features?.map(\.name) == ["2019", "2020"])
    try years.make(.all("column-3").with { $0.format.hasHeader = false })
    #expect(try years.dataset.manifest.classes == ["u", "v", "y"])
  }

  /// The level that `gzip` and `zstd` files are read at: as plain ones.
  @Test func compressedTablesAreRead() throws {
    let bench = try TableBench(Self.small)
    try bench.make(.all("kind"))
    let samples = try bench.samples()
    let packed = try Array(Self.small.utf8).withUnsafeBytes {
      try ZstdEncoder.compress($0, level: 3, name: "test")
    }
    try bench.scratch.write(packed, to: "t.csv.zst")
    try TableImport.create(
      bench.scratch.file("out"), from: bench.scratch.file("t.csv.zst"), .all("kind"),
      existing: .replace)
    #expect(try bench.samples() == samples)
  }
}

/// Sentences from any thread.
private final class Warnings: @unchecked Sendable {
  private(set) var all: [String] = []
  @Sendable func add(_ text: String) { all.append(text) }
}
