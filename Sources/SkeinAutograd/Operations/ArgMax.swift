import SkeinFiles

/// The class of the highest of several scores, the first of equals.
extension UnsafeBufferPointer<Float> {
  /// The place of the highest element, the first of equals; 0 where there is none, and where the
  /// first one is a NaN. Other NaN are passed over.
  @inline(__always)
  package var argMax: Int {
    var best = 0
    for place in indices.dropFirst() where self[place] > self[best] { best = place }
    return best
  }
}

extension Tensor {
  /// For each row of a matrix [n, m], the column of its highest element, the first of equals; 0
  /// where the first one is a NaN. Other NaN are passed over. O(n · m).
  ///
  /// - Precondition: it has two axes, and a column.
  public func argMax() -> [Int] {
    require(shape.rank == 2 && shape[1] > 0, "argMax of a tensor of shape \(shape)")
    return withValues { values in
      (0..<shape[0]).map { row in
        UnsafeBufferPointer(rebasing: values[(row * shape[1])..<((row + 1) * shape[1])]).argMax
      }
    }
  }

  /// How many rows of a matrix [n, m] have their highest element, the first of equals, at the
  /// column that `labels` [n] names: how often `argMax()` and `labels` agree, NaN included, without
  /// a branch per element, which a processor could not predict. O(n · m), no allocation.
  ///
  /// - Precondition: one label per row, each one of the columns.
  package func matches(_ labels: Indices) -> Int {
    let (rows, columns) = rowsAndClasses(labels, "matches")
    let labels = IndexList(labels, on: tape)
    return withValues { values in
      guard var scores = values.baseAddress else { return 0 }
      var count = 0
      for row in 0..<rows {
        let label = labels.entry(row, below: columns, in: "matches")
        let score = scores[label]
        // Nothing is above a NaN in the first column, and no other NaN is above anything.
        var beatenBy: Int32 = label > 0 && (score.isNaN || scores[0].isNaN) ? 1 : 0
        for other in 0..<columns {
          let isHigher: Int32 = scores[other] > score ? 1 : 0
          let isEqual: Int32 = scores[other] == score ? 1 : 0
          let isBefore: Int32 = other < label ? 1 : 0
          beatenBy |= isHigher | (isEqual & isBefore)
        }
        count += Int(1 - beatenBy)
        scores += columns
      }
      return count
    }
  }
}
