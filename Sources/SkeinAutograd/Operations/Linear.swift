import SkeinFiles
import SkeinKernels

/// A fully connected layer: y[n, out] = f(x[n, in] · W[out, in]ᵀ + b[out]), f the identity or relu.
///
/// One operation instead of four: the bias is what the product starts from, and relu is applied
/// before a sum is written down. Backward, with dz = dy · f′: dx = dz · W, dW = dzᵀ · x, db = Σ
/// over rows of dz. dW and db can be computed later, block by block: dz and x stay on the tape.
struct Linear: Operation {
  static let name = "linear"
  let (rows, inputs, outputs): (Int, Int, Int)
  let isRectified: Bool
  /// What dW is computed from where the weights lie in panels of bfloat16.
  var rounded: BFloat16Operands?

  func resultShape(_ operands: [Shape]) -> Shape { [rows, outputs] }

  func forward(_ frame: Frame) {
    guard let x = frame.operand(0).baseAddress, let weight = frame.operand(1).baseAddress,
      let bias = frame.operand(2).baseAddress, let y = frame.result.baseAddress
    else { return }
    let rows = frame.rows(of: rows).count
    if let panels = frame.panels(1) {
      if panels.isBFloat16 {
        return roundedForward(x, panels, bias, into: y, frame.rows(of: self.rows))
      }
      return MatrixProduct.compute(
        x, panels: panels.forward, into: y, start: .row(bias), m: rows, n: outputs, k: inputs,
        rectifies: isRectified)
    }
    MatrixProduct.compute(
      x, weight, transposedB: true, into: y, start: .row(bias), m: rows, n: outputs, k: inputs,
      rectifies: isRectified)
  }

  func backward(_ frame: Frame) {
    let (dy, rows) = (frame.resultGradient, frame.rows(of: rows).count)
    if isRectified { maskGradient(frame) }
    if let rounded, let dz = dy.baseAddress {
      rounded.packGradients(dz, of: frame.rows(of: self.rows))
    }
    if let dx = frame.gradient(0) {
      multiplyByWeights(dy, frame, rows, into: dx)
    }
    if let dw = frame.gradient(1) {
      multiply(
        dy, transposedA: true, frame.operand(0), outputs, inputs, rows, into: dw.values,
        accumulates: dw.accumulates)
    }
    if let db = frame.gradient(2), let sum = db.values.baseAddress, let dy = dy.baseAddress {
      RowLoops.sum(
        dy, stride: outputs, rows: rows, columns: outputs, into: sum, accumulates: db.accumulates)
    }
  }

  func gradientRule(ofOperand k: Int, _ frame: Frame) -> DeferredGradient.Rule? {
    guard k > 0, let dz = frame.resultGradient.baseAddress,
      let x = frame.operand(0).baseAddress
    else { return nil }
    if k == 1, let rounded {
      return .bfloat16(rounded, columns: inputs, samples: rows)
    }
    return k == 1
      ? .product(dz, rows: outputs, x, columns: inputs, samples: rows)
      : .columnSums(dz, columns: outputs, samples: rows)
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { hasSamples == [true, false, false] }

  /// dx = dz · W.
  private func multiplyByWeights(
    _ dz: UnsafeBufferPointer<Float>, _ frame: Frame, _ rows: Int, into dx: GradientSink
  ) {
    if let place = frame.panels(1), place.isBFloat16, let panels = place.backward,
      let dz = dz.baseAddress
    {
      return roundedBackward(dz, panels, into: dx, rows)
    }
    guard let panels = frame.panels(1)?.backward, let dz = dz.baseAddress,
      let target = dx.values.baseAddress
    else {
      return multiply(
        dz, frame.operand(1), rows, inputs, outputs, into: dx.values, accumulates: dx.accumulates)
    }
    MatrixProduct.compute(
      dz, panels: panels, into: target, start: dx.accumulates ? .result : .zero, m: rows,
      n: inputs, k: outputs)
  }

  /// dz takes the place of dy, which nobody else reads.
  private func maskGradient(_ frame: Frame) {
    let y = frame.result
    guard let gradient = frame.mutableResultGradient.baseAddress, let output = y.baseAddress else {
      return
    }
    RowLoops.mask(gradient, where: output, count: y.count)
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
      Linear(
        rows: x[0], inputs: x[1], outputs: w[0], isRectified: isRectified,
        rounded: tape.roundedOperands(self, weight)),
      [self, weight, bias])
  }
}
