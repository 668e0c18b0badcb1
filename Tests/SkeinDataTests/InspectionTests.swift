import Testing

@testable import SkeinData
@testable import SkeinFiles

@Suite struct InspectionTests {
  @Test func aDatasetIsSummed() throws {
    let scratch = try Scratch()
    try Sample.dataset(at: scratch.path, count: 10, perShard: 4)
    let summary = try DatasetSummary(of: DatasetFolder(opening: scratch.path), threads: 2)
    let train = try #require(summary.splits.first)
    #expect(train.samplesPerClass == [4, 3, 3] && train.shards == 3)
    #expect(train.rawBytes == 3 * (16 + 8) + 60 + 10)
    #expect(train.values.minimum == Double(Sample.elements(10).min() ?? 0))
    #expect(train.values.maximum == Double(Sample.elements(10).max() ?? 0))
    #expect(summary.text.contains("train: 10 samples"))
  }

  @Test func oddFloatsAreCounted() throws {
    let scratch = try Scratch()
    let values: [Float] = [.nan, -1.5, .infinity, 3, -.infinity]
    let summary = try ArraySummary(
      path: scratch.write(IDX.encode(values, shape: [5, 1]), to: "f"))
    #expect(summary.values.nonFinite == 3)
    #expect(summary.values.minimum == -1.5 && summary.values.maximum == 3)
    #expect(summary.text.contains("-1.5…3, 3 NaN or infinite"))
    let none = try ArraySummary(path: scratch.write(IDX.encode([Float.nan], shape: [1]), to: "n"))
    #expect(none.values.minimum == nil && none.occurrences == nil)
  }

  /// Pieces of 64 KiB, and how far each is, in elements.
  @Test func readingIsTold() throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      IDX.encode([Int16](repeating: 1, count: 70_000), shape: [70_000]), to: "n")
    var told: [[Int]] = []
    _ = try ArraySummary(path: file) { told.append([$0, $1]) }
    #expect(told == [32_768, 65_536, 70_000].map { [$0, 70_000] })
  }

  @Test func labelsAreCounted() throws {
    let scratch = try Scratch()
    let summary = try ArraySummary(
      path: scratch.write(IDX.encode([0, 2, 2, 5] as [UInt8], shape: [4]), to: "l"))
    #expect(summary.occurrences == [1, 0, 2, 0, 0, 1])
    let negative = try ArraySummary(
      path: scratch.write(IDX.encode([0, -2] as [Int8], shape: [2]), to: "n"))
    #expect(negative.occurrences == nil)
  }

  private static let lines = Split(
    name: "t", sampleShape: [3, 1], classCount: 2, samples: [0, 1, 1, 1, 0, 0] as [UInt8],
    labels: [1, 0])

  @Test func samplesAreDrawnSideBySide() {
    let grid = SampleGrid(style: .ramp, width: 30)
    let text = grid.draw([0, 1], of: Self.lines, classes: ["up", "down"])
    let expected = [
      "0: down  1: up  ", "         @@     ", "@@              ", "@@              ", "",
    ]
    #expect(text == expected.joined(separator: "\n"))
    let narrow = SampleGrid(style: .ramp, width: 3)
    #expect(narrow.draw([0, 1], of: Self.lines, classes: ["up", "down"]).contains("\n\n1: up"))
  }

  @Test func halfBlocksJoinTwoRows() {
    let grid = SampleGrid(style: .halfBlocks, width: 80)
    let text = grid.draw([0], of: Self.lines, classes: ["up", "down"])
    #expect(text.contains("\u{1B}[38;2;0;0;0;48;2;255;255;255m▀\u{1B}[0m"))
    #expect(text.contains("\u{1B}[38;2;255;255;255m▀\u{1B}[0m"))
  }

  @Test func everyShapeAndOddValuesCanBeDrawn() {
    for shape in [[6], [2, 3], [2, 1, 3], [1, 2, 3], [3, 1, 2], [1, 1, 1, 6]] {
      let values: [Double] = [.nan, .infinity, -1e300, 1e300, 3e38, -3e38]
      let split = Split(
        name: "t", sampleShape: shape, classCount: 1, samples: values, labels: [0])
      for style: SampleGrid.Style in [.ramp, .halfBlocks] {
        let text = SampleGrid(style: style, width: 1).draw([0], of: split, classes: ["\u{1B}c"])
        #expect(text.hasPrefix("0: \\u"), "\(shape)")
      }
    }
  }
}
