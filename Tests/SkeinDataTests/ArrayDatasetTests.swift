import SkeinData
import Testing

/// The identity of a program's own arrays: every part of them counts, each on its own.
@Suite struct ArrayDatasetTests {
  private static let elements: [UInt8] = (0..<24).map { UInt8($0 * 9) }
  private static let labels: [Int32] = [0, 1, 2, 0]
  private static let classes = ["a", "b", "c"]

  private func split<Element: SampleElement>(
    _ name: String, _ elements: [Element], _ labels: [Int32] = Self.labels, shape: [Int] = [2, 3]
  ) -> Split {
    Split(name: name, sampleShape: shape, classCount: 3, samples: elements, labels: labels)
  }

  private func split(_ name: String) -> Split { split(name, Self.elements) }

  private func identity(
    _ train: Split, _ test: Split?, classes: [String] = Self.classes
  ) -> String {
    ArrayDataset(classes: classes, train: train, test: test).identity
  }

  /// That of the arrays of which each test changes one part.
  private var unchanged: String { identity(split("train"), split("test")) }

  @Test func equalArraysAreTheSame() {
    #expect(unchanged.count == 64)
    #expect(identity(split("train"), split("test")) == unchanged)
    let renamed = ArrayDataset(
      name: "other", classes: Self.classes, train: split("train"), test: split("test"))
    #expect(renamed.identity == unchanged)
  }

  @Test func everySampleCounts() {
    for index in Self.elements.indices {
      var elements = Self.elements
      elements[index] ^= 1
      #expect(identity(split("train", elements), split("test")) != unchanged, "\(index)")
      #expect(identity(split("train"), split("test", elements)) != unchanged, "\(index)")
    }
  }

  @Test func everyLabelCounts() {
    for index in Self.labels.indices {
      var labels = Self.labels
      labels[index] = (labels[index] + 1) % 3
      let (train, test) = (
        split("train", Self.elements, labels), split("test", Self.elements, labels)
      )
      #expect(identity(train, split("test")) != unchanged, "\(index)")
      #expect(identity(split("train"), test) != unchanged, "\(index)")
    }
  }

  @Test func theTestSplitCounts() {
    #expect(identity(split("train"), nil) != unchanged)
    #expect(identity(split("train"), split("validation")) != unchanged)
    let shorter = split("test", Array(Self.elements.prefix(18)), Array(Self.labels.prefix(3)))
    #expect(identity(split("train"), shorter) != unchanged)
  }

  @Test func everyClassNameCounts() {
    for index in Self.classes.indices {
      var classes = Self.classes
      classes[index] += "'"
      #expect(
        identity(split("train"), split("test"), classes: classes) != unchanged, "\(index)")
    }
    // Where one name ends and the next one begins.
    #expect(
      identity(split("train"), split("test"), classes: ["ab", "c", "d"])
        != identity(split("train"), split("test"), classes: ["a", "bc", "d"]))
  }

  @Test func shapeAndTypeCount() {
    let turned = ["train", "test"].map { split($0, Self.elements, shape: [3, 2]) }
    #expect(identity(turned[0], turned[1]) != unchanged)
    let signed = ["train", "test"].map { name in
      split(name, Self.elements.map { Int8(bitPattern: $0) })
    }
    #expect(identity(signed[0], signed[1]) != unchanged)
  }
}
