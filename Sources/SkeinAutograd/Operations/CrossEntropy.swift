import SkeinKernels

/// Softmax and negative log-likelihood in one: y = Σ (ln Σ e^x − x[label]) / divisor over rows.
///
/// Backward: dx = (softmax(x) − one-hot(label)) · dy / divisor. The forward pass keeps softmax(x).
/// Each row's maximum is taken off first, so that nothing overflows and nothing small is lost.
struct CrossEntropy: Operation {
  static let name = "crossEntropy"
  let (rows, classes): (Int, Int)
  let labels: IndexList
  let divisor: Float

  /// softmax [rows, classes]; ln Σ [rows]; x[label] − maximum [rows].
  var scratchCount: Int { rows * classes + 2 * rows }

  func resultShape(_ operands: [Shape]) -> Shape { [] }

  func forward(_ frame: Frame) {
    let y = frame.result
    y[0] = 0
    guard rows > 0, classes > 0, let x = frame.operand(0).baseAddress else { return }
    let softmax = frame.scratch
    let logarithms = softmax + rows * classes
    let chosen = logarithms + rows
    SoftmaxRows.shift(x, into: softmax, rows, classes)
    for row in 0..<rows {
      chosen[row] = softmax[row * classes + labels.entry(row, below: classes, in: Self.name)]
    }
    VectorMath.exp(softmax, into: softmax, count: rows * classes)
    SoftmaxRows.normalize(softmax, rows, classes) { logarithms[$0] = $1 }
    VectorMath.log(logarithms, into: logarithms, count: rows)
    var sum = 0.0
    for row in 0..<rows { sum += Double(logarithms[row] - chosen[row]) }
    y[0] = Float(sum / Double(divisor))
  }

  func backward(_ frame: Frame) {
    let scale = frame.resultGradient[0] / divisor
    guard let sink = frame.gradient(0), var dx = sink.values.baseAddress else { return }
    let softmax = frame.scratch
    sink.add { softmax[$0] * scale }
    for row in 0..<rows {
      dx[labels.entry(row, below: classes, in: Self.name)] -= scale
      dx += classes
    }
  }
}

extension Tensor {
  /// Cross-entropy of logits [n, classes] against labels [n]: PyTorch's `F.cross_entropy`.
  ///
  /// - Precondition: one label per row, each one of the classes.
  public func crossEntropy(_ labels: Indices, reduction: Reduction = .mean) -> Tensor {
    let (rows, classes) = rowsAndClasses(labels, "crossEntropy")
    return tape.record(
      CrossEntropy(
        rows: rows, classes: classes, labels: IndexList(labels, on: tape),
        divisor: reduction.divisor(rows)),
      [self])
  }
}
