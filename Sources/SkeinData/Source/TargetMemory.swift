import SkeinFiles

/// Room for the targets of some samples, and for their weights, which the caller owns.
public struct TargetMemory {
  /// Room for the targets alone.
  public enum Kind {
    /// A label per sample.
    case labels(UnsafeMutableBufferPointer<Int32>)
    /// So many values per sample as there are outputs, row by row.
    case values(UnsafeMutableBufferPointer<Float>)
  }

  /// Room for the targets.
  public let kind: Kind
  /// Room for the weight of each sample; nil where nobody wants to know it.
  public let weights: UnsafeMutableBufferPointer<Float>?

  /// A view on room that the caller owns.
  ///
  /// - Precondition: both have room for as many samples.
  public init(_ kind: Kind, weights: UnsafeMutableBufferPointer<Float>? = nil) {
    self.kind = kind
    self.weights = weights
  }

  /// Room for a label per sample, and for no weights.
  public static func labels(_ labels: UnsafeMutableBufferPointer<Int32>) -> TargetMemory {
    TargetMemory(.labels(labels))
  }

  /// Room for values, and for no weights.
  public static func values(_ values: UnsafeMutableBufferPointer<Float>) -> TargetMemory {
    TargetMemory(.values(values))
  }

  /// Room for a label per row; none where targets are values.
  public var labels: UnsafeMutableBufferPointer<Int32> {
    if case .labels(let labels) = kind { labels } else { .init(start: nil, count: 0) }
  }

  /// Room for the values of each row; none where targets are classes.
  public var values: UnsafeMutableBufferPointer<Float> {
    if case .values(let values) = kind { values } else { .init(start: nil, count: 0) }
  }

  /// The room for `rows` of the samples, each with `outputs` values, where targets are values.
  package func part(_ rows: Range<Int>, outputs: Int) -> TargetMemory {
    let kind: Kind =
      switch kind {
      case .labels(let labels): .labels(UnsafeMutableBufferPointer(rebasing: labels[rows]))
      case .values(let values):
        .values(
          UnsafeMutableBufferPointer(
            rebasing: values[(rows.lowerBound * outputs)..<(rows.upperBound * outputs)]))
      }
    return TargetMemory(
      kind, weights: weights.map { UnsafeMutableBufferPointer(rebasing: $0[rows]) })
  }

  /// Copies all of `other`, which has as much room of the same kind.
  func copy(_ other: TargetMemory) {
    switch (kind, other.kind) {
    case (.labels(let labels), .labels(let others)): _ = labels.update(fromContentsOf: others)
    case (.values(let values), .values(let others)): _ = values.update(fromContentsOf: others)
    default: misuse("labels beside values")
    }
    if let weights, let others = other.weights { _ = weights.update(fromContentsOf: others) }
  }

  /// Room for `count` samples, each with `outputs` values or with a label.
  static func allocate(_ count: Int, outputs: Int?, hasWeights: Bool) -> TargetMemory {
    TargetMemory(
      outputs.map { .values(.allocate(capacity: count * $0)) }
        ?? .labels(.allocate(capacity: count)),
      weights: hasWeights ? .allocate(capacity: count) : nil)
  }

  /// Gives back what `allocate` made.
  func deallocate() {
    switch kind {
    case .labels(let labels): labels.deallocate()
    case .values(let values): values.deallocate()
    }
    weights?.deallocate()
  }
}
