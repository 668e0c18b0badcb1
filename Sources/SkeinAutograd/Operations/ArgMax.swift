import SkeinFiles
import SkeinKernels

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

  /// For each row of a matrix [n, m], 1 where its highest element, the first of equals, is at the
  /// column that `labels` [n] names, and 0 elsewhere: whether `argMax()` and `labels` agree, NaN
  /// included. No gradient passes through it. O(n · m).
  ///
  /// - Precondition: one label per row, each one of the columns.
  package func matches(_ labels: Indices) -> Tensor {
    let (rows, columns) = rowsAndClasses(labels, "matches")
    return tape.record(
      Matches(rows: rows, columns: columns, labels: IndexList(labels, on: tape)), [self])
  }
}

/// y[row] = 1 where the highest element of the row is at its label, 0 elsewhere.
struct Matches: Operation {
  static let name = "matches"
  let (rows, columns): (Int, Int)
  let labels: IndexList

  func resultShape(_ operands: [Shape]) -> Shape { [rows] }

  func forward(_ frame: Frame) {
    let rows = frame.rows(of: rows)
    guard let scores = frame.operand(0).baseAddress, let y = frame.result.baseAddress else {
      return frame.result.update(repeating: 0)
    }
    let hasColumns = ClassLoops.matches(
      scores, labels.start(rows), rows: rows.count, classes: columns, into: y)
    if !hasColumns { labels.refuse(rows, below: columns, in: Self.name) }
  }

  func backward(_ frame: Frame) {
    misuse("backward through matches: its slope is 0 everywhere, so nothing would learn")
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { true }
}
