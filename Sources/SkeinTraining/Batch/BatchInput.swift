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

  /// The weight of each row [rows]; nil where all count the same.
  package let weights: Tensor?

  /// How many elements a sample has.
  private let width: Int
  /// The samples' elements, on the tape.
  private let elements: UnsafeMutableBufferPointer<Float>

  /// Makes the leaves, for `samples` samples of `width` elements.
  ///
  /// - Parameter hasWeights: whether to read weights too.
  /// - Precondition: both are positive.
  package init(
    _ tape: Tape, samples count: Int, width: Int, target kind: TargetKind, hasWeights: Bool = false
  ) {
    self.width = width
    samples = tape.batch(samples: count, width: width)
    elements = samples.withMutableValues { $0 }
    target =
      switch kind {
      case .classes: .classes(tape.indices([Int32](repeating: 0, count: count)))
      case .values(let outputs): .values(tape.batch(samples: count, width: outputs))
      }
    weights = hasWeights ? tape.batch(samples: count) : nil
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
    let room = UnsafeMutableBufferPointer(
      rebasing: elements[(range.lowerBound * width)..<(range.upperBound * width)])
    // The tape owns this memory, and so do the tensors that keep it alive.
    let weights = weights?.withMutableValues { $0 }
    func read(_ targets: TargetMemory.Kind, outputs: Int) throws {
      try source.read(
        rows,
        into: BatchMemory(
          samples: room,
          targets: TargetMemory(targets, weights: weights).part(range, outputs: outputs)))
    }
    switch target {
    case .classes(let labels):
      try labels.withMutableValues { try read(.labels($0), outputs: 1) }
    case .values(let values):
      let outputs = values.shape[1]
      try values.withMutableValues { try read(.values($0), outputs: outputs) }
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
