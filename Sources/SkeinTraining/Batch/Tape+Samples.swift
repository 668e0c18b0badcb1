import SkeinAutograd
import SkeinData
import SkeinModel

/// A few samples that a network is shown again and again.
extension Tape {
  /// The samples `rows` of `source`, [rows, elements], and their labels.
  ///
  /// - Throws: what the source throws.
  package func samples(
    _ rows: [Int], of source: some SampleSource, scale: Float
  ) throws -> (samples: Tensor, labels: [Int32]) {
    let samples = constant(
      [Float](repeating: 0, count: rows.count * source.sampleSize),
      shape: [rows.count, source.sampleSize])
    var labels = [Int32](repeating: 0, count: rows.count)
    try samples.withMutableValues { samples in
      try rows.map { Int32(clamping: $0) }.withUnsafeBufferPointer { rows in
        try labels.withUnsafeMutableBufferPointer { labels in
          try source.gather(rows, scale: scale, samples: samples, labels: labels)
        }
      }
    }
    return (samples, labels)
  }
}

extension Loss {
  /// The sum of the losses of all rows of `logits` [n, classes] for samples of the classes
  /// `labels`.
  package func sum(_ logits: Tensor, of labels: [Int32]) -> Tensor {
    let classes = logits.shape[1]
    var target = [Float](repeating: 0, count: labels.count * classes)
    for (row, label) in labels.enumerated() { target[row * classes + Int(label)] = 1 }
    return sum(
      logits, labels: logits.tape.indices(labels),
      target: logits.tape.constant(target, shape: [labels.count, classes]))
  }
}

extension Tensor {
  /// How many columns of a matrix hold one value in all rows. O(elements).
  package var constantColumns: Int {
    let (rows, width) = (0..<shape[0], shape[1])
    return withValues { values in
      var varies = [Bool](repeating: false, count: width)
      for row in rows.indices.dropFirst() {
        for column in 0..<width where values[row * width + column] != values[column] {
          varies[column] = true
        }
      }
      return varies.filter { !$0 }.count
    }
  }
}
