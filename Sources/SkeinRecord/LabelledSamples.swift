/// Samples with their numbers and targets.
public struct LabelledSamples: Sendable, Equatable {
  /// Each sample's number in its split, from 0.
  public var rows: [Int]
  /// Each sample's class, from 0; as many as `rows`. None where targets are values.
  public var labels: [Int]
  /// Each sample's values, one per output, in their own units; none where targets are classes.
  public var values: [Float]
  /// All samples' elements, one sample after the other.
  public var elements: SampleElements

  /// Nothing is checked: a file of a history is, when it is read.
  public init(rows: [Int], labels: [Int], values: [Float] = [], elements: SampleElements) {
    self.rows = rows
    self.labels = labels
    self.values = values
    self.elements = elements
  }

  /// What people call the sample of `row`: rows count from 0, samples from 1.
  public static func name(_ row: Int) -> String { row < .max ? String(row + 1) : String(row) }

  /// The values of sample `index`, 0 ≤ `index` < `rows.count`; none where targets are classes.
  public func values(_ index: Int) -> [Float] {
    let outputs = values.count / max(rows.count, 1)
    return Array(values[(index * outputs)..<((index + 1) * outputs)])
  }

  /// The elements of sample `index`, 0 ≤ `index` < `rows.count`, of `size` elements each.
  public func floats(_ index: Int, size: Int) -> [Float] {
    elements[(index * size)..<((index + 1) * size)].floats
  }
}
