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
    switch target {
    case .classes(let labels):
      try labels.withMutableValues { labels in
        let range = range ?? labels.indices
        let width = elements.count / labels.count
        try source.read(
          rows,
          into: BatchMemory(
            samples: UnsafeMutableBufferPointer(
              rebasing: elements[(range.lowerBound * width)..<(range.upperBound * width)]),
            labels: UnsafeMutableBufferPointer(rebasing: labels[range])))
      }
    }
  }

  /// The same for rows in an array.
  ///
  /// - Throws: what the source throws.
  package func read(_ rows: [Int32], from source: any SampleSource) throws {
    try BatchRows.with(rows) { try read($0, from: source) }
  }

  /// The class of each row, where targets are classes. O(rows).
  package var labels: [Int32] {
    switch target {
    case .classes(let labels): labels.withMutableValues { Array($0) }
    }
  }
}
