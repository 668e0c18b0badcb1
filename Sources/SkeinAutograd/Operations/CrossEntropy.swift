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
    shift(x, into: softmax, chosen)
    VectorMath.expOfNonPositive(softmax, count: rows * classes)
    normalize(softmax, sums: logarithms)
    VectorMath.log(logarithms, count: rows)
    var sum = 0.0
    for row in 0..<rows { sum += Double(logarithms[row] - chosen[row]) }
    y[0] = Float(sum / Double(divisor))
  }

  /// Writes each row less its maximum, and what that is at the label.
  private func shift(
    _ x: UnsafePointer<Float>, into shifted: UnsafeMutablePointer<Float>,
    _ chosen: UnsafeMutablePointer<Float>
  ) {
    var (source, target) = (x, shifted)
    for row in 0..<rows {
      var maximum = source[0]
      for column in 1..<max(classes, 1) where source[column] > maximum { maximum = source[column] }
      for column in 0..<classes { target[column] = source[column] - maximum }
      chosen[row] = target[labels.entry(row, below: classes, in: Self.name)]
      source += classes
      target += classes
    }
  }

  /// Divides each row of exponentials by its sum, and writes the sums.
  private func normalize(
    _ exponentials: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
  ) {
    var target = exponentials
    for row in 0..<rows {
      var sum: Float = 0
      for column in 0..<classes { sum += target[column] }
      let scale = 1 / sum
      for column in 0..<classes { target[column] *= scale }
      sums[row] = sum
      target += classes
    }
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
