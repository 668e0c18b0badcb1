import SkeinKernels

/// Softmax and negative log-likelihood in one, for each row: y = ln Σ e^x − x[label].
///
/// Backward: dx = (softmax(x) − one-hot(label)) · dy. The forward pass keeps softmax(x). Each row's
/// maximum is taken off first, so that nothing overflows and nothing small is lost.
struct CrossEntropy: Operation {
  static let name = "crossEntropy"
  let (rows, classes): (Int, Int)
  let labels: IndexList

  /// softmax [rows, classes]; ln Σ [rows].
  var scratchCount: Int { rows * classes + rows }

  func resultShape(_ operands: [Shape]) -> Shape { [rows] }

  func forward(_ frame: Frame) {
    let rows = frame.rows(of: rows)
    guard classes > 0, let x = frame.operand(0).baseAddress, let y = frame.result.baseAddress
    else { return frame.result.update(repeating: 0) }
    let softmax = frame.scratch + rows.lowerBound * classes
    let logarithms = frame.scratch + self.rows * classes + rows.lowerBound
    SoftmaxRows.shift(x, into: softmax, rows.count, classes)
    for row in 0..<rows.count {
      let label = labels.entry(rows.lowerBound + row, below: classes, in: Self.name)
      y[row] = softmax[row * classes + label]
    }
    VectorMath.exp(softmax, into: softmax, count: rows.count * classes)
    SoftmaxRows.normalize(softmax, rows.count, classes) { logarithms[$0] = $1 }
    VectorMath.log(logarithms, into: logarithms, count: rows.count)
    for row in 0..<rows.count { y[row] = logarithms[row] - y[row] }
  }

  func backward(_ frame: Frame) {
    let (rows, dy) = (frame.rows(of: rows), frame.resultGradient)
    guard let sink = frame.gradient(0), var dx = sink.values.baseAddress else { return }
    var softmax = frame.scratch + rows.lowerBound * classes
    for row in 0..<rows.count {
      let scale = dy[row]
      sink.add(to: dx, count: classes) { softmax[$0] * scale }
      dx[labels.entry(rows.lowerBound + row, below: classes, in: Self.name)] -= scale
      dx += classes
      softmax += classes
    }
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { true }
}

extension Tensor {
  /// Cross-entropy of logits [n, classes] against labels [n]: PyTorch's `F.cross_entropy`.
  ///
  /// - Precondition: one label per row, each one of the classes.
  public func crossEntropy(_ labels: Indices, reduction: Reduction = .mean) -> Tensor {
    let (rows, classes) = rowsAndClasses(labels, "crossEntropy")
    return tape.record(
      CrossEntropy(rows: rows, classes: classes, labels: IndexList(labels, on: tape)), [self]
    ).reduced(reduction)
  }
}
