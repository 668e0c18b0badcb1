/// A fully connected layer: y[n, out] = f(x[n, in] · W[out, in]ᵀ + b[out]), f the identity or relu.
///
/// One operation instead of four: the bias is where the product starts from, and relu works in
/// place. Backward, with dz = dy · f′: dx = dz · W, dW = dzᵀ · x, db = Σ over rows of dz.
struct Linear: Operation {
  static let name = "linear"
  let (rows, inputs, outputs): (Int, Int, Int)
  let isRectified: Bool

  func resultShape(_ operands: [Shape]) -> Shape { [rows, outputs] }

  func forward(_ frame: Frame) {
    let y = frame.result
    guard let bias = frame.operand(2).baseAddress, let values = y.baseAddress else { return }
    MatrixLoops.fill(values, rows: rows, columns: outputs, with: bias)
    multiply(
      frame.operand(0), frame.operand(1), transposedB: true, rows, outputs, inputs, into: y,
      accumulates: true)
    if isRectified { MatrixLoops.relu(values, count: y.count) }
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    if isRectified { maskGradient(frame) }
    if let dx = frame.gradient(0) {
      multiply(
        dy, frame.operand(1), rows, inputs, outputs, into: dx.values, accumulates: dx.accumulates)
    }
    if let dw = frame.gradient(1) {
      multiply(
        dy, transposedA: true, frame.operand(0), outputs, inputs, rows, into: dw.values,
        accumulates: dw.accumulates)
    }
    if let db = frame.gradient(2), let sum = db.values.baseAddress, let dy = dy.baseAddress {
      MatrixLoops.sumRows(
        dy, rows: rows, columns: outputs, into: sum, accumulates: db.accumulates)
    }
  }

  /// dz takes the place of dy, which nobody else reads.
  private func maskGradient(_ frame: Frame) {
    let y = UnsafeBufferPointer(frame.result)
    guard let gradient = frame.nodes[frame.index].gradient, let output = y.baseAddress else {
      return
    }
    MatrixLoops.maskByRelu(gradient, output: output, count: y.count)
  }
}

extension Tensor {
  /// `self`[n, in] · `weight`[out, in]ᵀ + `bias`[out], PyTorch's `F.linear`.
  ///
  /// - Precondition: the three shapes fit each other.
  public func linear(weight: Tensor, bias: Tensor) -> Tensor {
    linear(weight, bias, isRectified: false)
  }

  /// relu of `linear`, as one operation: the same bits, at less cost.
  ///
  /// - Precondition: the three shapes fit each other.
  public func linearRelu(weight: Tensor, bias: Tensor) -> Tensor {
    linear(weight, bias, isRectified: true)
  }

  private func linear(_ weight: Tensor, _ bias: Tensor, isRectified: Bool) -> Tensor {
    let (x, w, b) = (shape, weight.shape, bias.shape)
    require(
      x.rank == 2 && w.rank == 2 && b.rank == 1 && x[1] == w[1] && b[0] == w[0],
      "linear: x \(x), weight \(w) and bias \(b) do not fit")
    return tape.record(
      Linear(rows: x[0], inputs: x[1], outputs: w[0], isRectified: isRectified),
      [self, weight, bias])
  }
}
