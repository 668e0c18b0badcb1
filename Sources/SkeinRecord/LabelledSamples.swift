/// Samples with their numbers and labels.
public struct LabelledSamples: Sendable, Equatable {
  public var rows: [Int]
  public var labels: [Int]
  /// All samples' elements, one after the other.
  public var elements: SampleElements

  public init(rows: [Int], labels: [Int], elements: SampleElements) {
    self.rows = rows
    self.labels = labels
    self.elements = elements
  }

  /// What people call the sample of `row`: rows count from 0, samples from 1.
  public static func name(_ row: Int) -> String { row < .max ? String(row + 1) : String(row) }

  /// The elements of sample `index`, of `size` elements each.
  public func floats(_ index: Int, size: Int) -> [Float] {
    elements[(index * size)..<((index + 1) * size)].floats
  }
}
