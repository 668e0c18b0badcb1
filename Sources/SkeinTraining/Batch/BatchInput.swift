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

  /// Makes the leaves, for `rows` samples of `width` elements.
  package init(_ tape: Tape, rows: Int, width: Int, target kind: TargetKind) {
    samples = tape.constant([Float](repeating: 0, count: rows * width), shape: [rows, width])
    target =
      switch kind {
      case .classes: .classes(tape.indices([Int32](repeating: 0, count: rows)))
      }
  }

  /// Makes the leaves and reads the samples `rows` of `source` into them.
  ///
  /// - Throws: what the source throws.
  package init(_ tape: Tape, reading rows: [Int], of source: any SampleSource) throws {
    self.init(tape, rows: rows.count, width: source.sampleSize, target: source.target)
    try read(rows.map { Int32(clamping: $0) }, from: source)
  }

  /// Reads as many `rows` of `source` as there is room for.
  ///
  /// - Throws: what the source throws.
  package func read(_ rows: BatchRows, from source: any SampleSource) throws {
    switch target {
    case .classes(let labels):
      try samples.withMutableValues { samples in
        try labels.withMutableValues { labels in
          try source.read(rows, into: BatchMemory(samples: samples, labels: labels))
        }
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
