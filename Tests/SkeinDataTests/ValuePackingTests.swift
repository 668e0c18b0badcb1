import Foundation
import Testing

@testable import SkeinData

/// Which arrays are packed as classes, and which as values.
@Suite struct ValuePackingTests {
  /// The manifest of a dataset of 4 samples with the targets `file`, and what was noted.
  private func pack(
    _ file: [UInt8], _ description: DatasetImport.Description = .init(),
    _ targets: ArrayReading.Targets = .guessed, column: Int? = nil, standardises: Bool = true
  ) throws -> (manifest: Manifest, values: [Float]) {
    let scratch = try Scratch()
    let images = try scratch.write(IDX.encode(Sample.elements(4), shape: [4, 3, 2]), to: "x")
    let labels = try scratch.write(file, to: "y")
    let manifest = try DatasetImport.add(
      .init(split: "train", images: images, labels: labels), to: scratch.file("out"), description,
      reading: ArrayReading(targets: targets, labelColumn: column),
      options: .init(standardises: standardises))
    let split = try DatasetFolder(opening: scratch.file("out")).load("train", threads: 1)
    return (manifest, split.valueTargets == nil ? [] : (0..<4).flatMap { split.values(at: $0) })
  }

  @Test func numbersWithFractionsAreValues() throws {
    let (manifest, values) = try pack(IDX.encode([1.5, 2, 3, 4] as [Float], shape: [4]))
    #expect(manifest.targets?.names == ["target 1"] && values == [1.5, 2, 3, 4])
    #expect(manifest.targets?.mean == [2.625])
    let doubles: [Double] = [0.5, 1, 2, 3, 4, 5, 6, 7.25]
    let two = try pack(IDX.encode(doubles, shape: [4, 2]), .init(targets: ["a", "b"]))
    #expect(two.manifest.targets?.names == ["a", "b"] && two.values == doubles.map { Float($0) })
    let column = try pack(IDX.encode(doubles, shape: [4, 2]), .init(), .values, column: 1)
    #expect(column.values == [1, 3, 5, 7.25])
  }

  @Test func wholeNumbersAreClassesUnlessTheyAreCalledValues() throws {
    for file in [
      IDX.encode([0, 1, 2, 0] as [UInt8], shape: [4]),
      IDX.encode([0, 1, 2, 0] as [Float], shape: [4]),
      IDX.encode([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0] as [Float], shape: [4, 3]),
    ] {
      let (manifest, _) = try pack(file)
      #expect(manifest.targets == nil && manifest.classes.count == 3 && manifest.format == 1)
    }
    let (manifest, values) = try pack(
      IDX.encode([0, 1, 2, 0] as [UInt8], shape: [4]), .init(), .values)
    #expect(manifest.targets != nil && values == [0, 1, 2, 0])
    // Names of outputs say it too.
    let named = try pack(
      IDX.encode([9, 1, 2, 0] as [Int32], shape: [4]), .init(targets: ["price"]))
    #expect(named.manifest.targets?.names == ["price"])
    let raw = try pack(
      IDX.encode([7, 7, 7, 7] as [Int32], shape: [4]), .init(), .values, standardises: false)
    #expect(raw.manifest.targets?.mean == nil && raw.values == [7, 7, 7, 7])
  }

  @Test func whatCannotBePackedIsTold() throws {
    func refused(
      _ file: [UInt8], _ description: DatasetImport.Description = .init(),
      _ targets: ArrayReading.Targets = .guessed
    ) throws -> DataFault? {
      try faults { _ = try pack(file, description, targets) }?.first
    }
    let fractions = IDX.encode([1.5, 2, 3, 4] as [Float], shape: [4])
    #expect(try refused(fractions, .init(), .labels)?.advice?.contains("--regression") == true)
    #expect(try refused(fractions, .init(classes: ["a", "b"])) != nil)
    #expect(try refused(fractions, .init(targets: ["a", "b"]))?.found == "1 column")
    let pairs = IDX.encode([1.5, 2, 3, 4, 5, 6, 7, 8] as [Float], shape: [4, 2])
    #expect(try refused(pairs, .init(targets: ["a", "a"])) != nil)
    let bad = IDX.encode([1.5, .nan, 3, .infinity] as [Float], shape: [4])
    #expect(try refused(bad)?.place == "target of sample 1, counted from 0")
    #expect(try refused(bad)?.found.contains("2 such numbers") == true)
    let constant = IDX.encode([1.5, 1.5, 1.5, 1.5] as [Float], shape: [4])
    #expect(try refused(constant, .init(targets: ["price"]))?.place == "target \"price\"")
    #expect(try refused(IDX.encode([1.5, 2] as [Float], shape: [2])) != nil)
  }

  @Test func anotherSplitHasTheSameTargets() throws {
    let scratch = try Scratch()
    let images = try scratch.write(IDX.encode(Sample.elements(4), shape: [4, 3, 2]), to: "x")
    let values = try scratch.write(IDX.encode([1.5, 2, 3, 4] as [Float], shape: [4]), to: "v")
    let whole = try scratch.write(IDX.encode([1, 2, 3, 4] as [Float], shape: [4]), to: "w")
    let pairs = try scratch.write(
      IDX.encode([Float](repeating: 0.5, count: 8), shape: [4, 2]), to: "p")
    func add(_ split: String, _ labels: String, to out: String) throws -> Manifest {
      try DatasetImport.add(
        .init(split: split, images: images, labels: labels), to: scratch.file(out))
    }
    let first = try add("train", values, to: "out")
    // Whole numbers are values here, as the dataset has values; they change no mean.
    let second = try add("test", whole, to: "out")
    #expect(second.targets == first.targets && second.splits.count == 2)
    #expect(try faults { _ = try add("more", pairs, to: "out") } != nil)
    // And numbers with fractions are refused where the dataset has classes.
    _ = try add("train", whole, to: "classes")
    #expect(try faults { _ = try add("test", values, to: "classes") } != nil)
    // The training split may come last.
    let later = try add("test", values, to: "later")
    #expect(later.targets?.mean == nil)
    #expect(try add("train", values, to: "later").targets?.mean == [2.625])
  }
}
