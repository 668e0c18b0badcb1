import SkeinAutograd
import SkeinData
import SkeinModel

/// The leaves of a tape that a batch's samples and targets are read into: the one way from a source
/// onto a tape.
package struct BatchInput {
  /// The samples [rows, elements].
  package let samples: Tensor
  /// A target per row.
  package let target: Target

  /// The samples' elements, on the tape.
  private let elements: UnsafeMutableBufferPointer<Float>

  /// Makes the leaves, for `samples` samples of `width` elements.
  ///
  /// - Precondition: both are positive.
  package init(_ tape: Tape, samples count: Int, width: Int, target kind: TargetKind) {
    samples = tape.batch(samples: count, width: width)
    elements = samples.withMutableValues { $0 }
    target =
      switch kind {
      case .classes: .classes(tape.indices([Int32](repeating: 0, count: count)))
      case .values(let outputs): .values(tape.batch(samples: count, width: outputs))
      }
  }

  /// Makes the leaves and reads the samples `rows` of `source` into them.
  ///
  /// - Throws: what the source throws.
  package init(_ tape: Tape, reading rows: [Int], of source: any SampleSource) throws {
    self.init(tape, samples: rows.count, width: source.sampleSize, target: source.target)
    try read(rows.map { Int32(clamping: $0) }, from: source)
  }

  /// Reads `rows` of `source`.
  ///
  /// - Parameter range: which of the samples they are, as many as rows; nil for all.
  /// - Throws: what the source throws.
  package func read(
    _ rows: BatchRows, as range: Range<Int>? = nil, from source: any SampleSource
  ) throws {
    let range = range ?? 0..<samples.shape[0]
    let width = elements.count / samples.shape[0]
    let room = UnsafeMutableBufferPointer(
      rebasing: elements[(range.lowerBound * width)..<(range.upperBound * width)])
    switch target {
    case .classes(let labels):
      try labels.withMutableValues { labels in
        try source.read(
          rows,
          into: BatchMemory(
            samples: room, targets: TargetMemory.labels(labels).part(range, outputs: 1)))
      }
    case .values(let values):
      let outputs = values.shape[1]
      try values.withMutableValues { values in
        try source.read(
          rows,
          into: BatchMemory(
            samples: room, targets: TargetMemory.values(values).part(range, outputs: outputs)))
      }
    }
  }

  /// The same for rows in an array.
  ///
  /// - Throws: what the source throws.
  package func read(_ rows: [Int32], from source: any SampleSource) throws {
    try BatchRows.with(rows) { try read($0, from: source) }
  }

  /// The class of each row; none where targets are values. O(rows).
  package var labels: [Int32] {
    if case .classes(let labels) = target { labels.withMutableValues { Array($0) } } else { [] }
  }

  /// The values of each row, row by row, as the source gives them; none where targets are classes.
  /// O(values).
  package var values: [Float] {
    if case .values(let values) = target { values.values } else { [] }
  }
}
