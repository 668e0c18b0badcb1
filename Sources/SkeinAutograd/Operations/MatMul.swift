/// The matrix product: y[m, n] = a[m, k] · b[k, n].
///
/// Backward: da = dy · bᵀ, db = aᵀ · dy.
struct MatMul: Operation {
  static let name = "matmul"
  let (m, k, n): (Int, Int, Int)

  func resultShape(_ operands: [Shape]) -> Shape { [m, n] }

  func forward(_ frame: Frame) {
    multiply(frame.operand(0), frame.operand(1), m, n, k, into: frame.result)
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    if let da = frame.gradient(0) {
      multiply(
        dy, frame.operand(1), transposedB: true, m, k, n, into: da.values,
        accumulates: da.accumulates)
    }
    if let db = frame.gradient(1) {
      multiply(
        frame.operand(0), transposedA: true, dy, k, n, m, into: db.values,
        accumulates: db.accumulates)
    }
  }
}

/// A fully connected layer: y[n, out] = x[n, in] · W[out, in]ᵀ + b[out].
///
/// One operation instead of three: the bias is where the product starts from. Backward:
/// dx = dy · W, dW = dyᵀ · x, db = Σ over rows of dy.
struct Linear: Operation {
  static let name = "linear"
  let (rows, inputs, outputs): (Int, Int, Int)

  func resultShape(_ operands: [Shape]) -> Shape { [rows, outputs] }

  func forward(_ frame: Frame) {
    let (bias, y) = (frame.operand(2), frame.result)
    for i in 0..<rows {
      for j in 0..<outputs { y[i * outputs + j] = bias[j] }
    }
    multiply(
      frame.operand(0), frame.operand(1), transposedB: true, rows, outputs, inputs, into: y,
      accumulates: true)
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    if let dx = frame.gradient(0) {
      multiply(
        dy, frame.operand(1), rows, inputs, outputs, into: dx.values, accumulates: dx.accumulates)
    }
    if let dw = frame.gradient(1) {
      multiply(
        dy, transposedA: true, frame.operand(0), outputs, inputs, rows, into: dw.values,
        accumulates: dw.accumulates)
    }
    if let db = frame.gradient(2)?.summed {
      for i in 0..<rows {
        for j in 0..<outputs { db[j] += dy[i * outputs + j] }
      }
    }
  }
}

/// `MatrixProduct.compute` on buffers whose sizes the shape rules have checked; an empty buffer has
/// no address, and then there is nothing to multiply.
private func multiply(
  _ a: UnsafeBufferPointer<Float>, transposedA: Bool = false, _ b: UnsafeBufferPointer<Float>,
  transposedB: Bool = false, _ m: Int, _ n: Int, _ k: Int,
  into c: UnsafeMutableBufferPointer<Float>, accumulates: Bool = false
) {
  guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
  MatrixProduct.compute(
    a, transposedA: transposedA, b, transposedB: transposedB, into: c, accumulates: accumulates,
    m: m, n: n, k: k)
}

extension Tensor {
  /// The matrix product `self`[m, k] · `other`[k, n].
  ///
  /// - Precondition: both are matrices, and the inner sizes agree.
  public func matmul(_ other: Tensor) -> Tensor {
    let (a, b) = (shape, other.shape)
    require(
      a.rank == 2 && b.rank == 2 && a[1] == b[0], "matmul: shapes \(a) and \(b) do not fit")
    return tape.record(MatMul(m: a[0], k: a[1], n: b[1]), [self, other])
  }

  /// `self`[n, in] · `weight`[out, in]ᵀ + `bias`[out], PyTorch's `F.linear`.
  ///
  /// - Precondition: the three shapes fit each other.
  public func linear(weight: Tensor, bias: Tensor) -> Tensor {
    let (x, w, b) = (shape, weight.shape, bias.shape)
    require(
      x.rank == 2 && w.rank == 2 && b.rank == 1 && x[1] == w[1] && b[0] == w[0],
      "linear: x \(x), weight \(w) and bias \(b) do not fit")
    return tape.record(
      Linear(rows: x[0], inputs: x[1], outputs: w[0]), [self, weight, bias])
  }
}
