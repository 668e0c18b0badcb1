import SkeinFiles

/// Room for the targets of some samples, which the caller owns.
public enum TargetMemory {
  /// A label per sample.
  case labels(UnsafeMutableBufferPointer<Int32>)
  /// So many values per sample as there are outputs, row by row.
  case values(UnsafeMutableBufferPointer<Float>)

  /// The room for `rows` of the samples, each with `outputs` values, where targets are values.
  package func part(_ rows: Range<Int>, outputs: Int) -> TargetMemory {
    switch self {
    case .labels(let labels): .labels(UnsafeMutableBufferPointer(rebasing: labels[rows]))
    case .values(let values):
      .values(
        UnsafeMutableBufferPointer(
          rebasing: values[(rows.lowerBound * outputs)..<(rows.upperBound * outputs)]))
    }
  }

  /// Copies all of `other`, which has as much room of the same kind.
  func copy(_ other: TargetMemory) {
    switch (self, other) {
    case (.labels(let labels), .labels(let others)): _ = labels.update(fromContentsOf: others)
    case (.values(let values), .values(let others)): _ = values.update(fromContentsOf: others)
    default: misuse("labels beside values")
    }
  }
}
