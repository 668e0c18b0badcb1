import SkeinFiles
import SkeinKernels

/// The matrix product: y[m, n] = a[m, k] · b[k, n].
///
/// Backward: da = dy · bᵀ, db = aᵀ · dy.
struct MatMul: Operation {
  static let name = "matmul"
  let (m, k, n): (Int, Int, Int)

  func resultShape(_ operands: [Shape]) -> Shape { [m, n] }

  func forward(_ frame: Frame) {
    multiply(
      frame.operand(0), frame.operand(1), frame.rows(of: m).count, n, k, into: frame.result)
  }

  func backward(_ frame: Frame) {
    let (dy, m) = (frame.resultGradient, frame.rows(of: m).count)
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

  func gradientRule(ofOperand operand: Int, _ frame: Frame) -> DeferredGradient.Rule? {
    guard operand == 1, let a = frame.operand(0).baseAddress,
      let dy = frame.resultGradient.baseAddress
    else { return nil }
    return .product(a, rows: k, dy, columns: n, samples: m)
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { hasSamples == [true, false] }
}

/// `MatrixProduct.compute` on buffers whose sizes the shape rules have checked; an empty buffer has
/// no address, and then there is nothing to multiply.
func multiply(
  _ a: UnsafeBufferPointer<Float>, transposedA: Bool = false, _ b: UnsafeBufferPointer<Float>,
  transposedB: Bool = false, _ m: Int, _ n: Int, _ k: Int,
  into c: UnsafeMutableBufferPointer<Float>, accumulates: Bool = false
) {
  guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
  MatrixProduct.compute(
    a, transposedA: transposedA, b, transposedB: transposedB, into: c,
    start: accumulates ? .result : .zero, m: m, n: n, k: k)
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
}
