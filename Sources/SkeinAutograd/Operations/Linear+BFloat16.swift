import SkeinKernels

/// A layer whose weights lie in panels of bfloat16: all of its products round their operands.
extension Linear {
  /// y = f(x · Wᵀ + b), and keeps x for dW.
  func roundedForward(
    _ x: UnsafePointer<Float>, _ panels: WeightPanels.Place, _ bias: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, _ samples: Range<Int>
  ) {
    rounded?.packInputs(x, of: samples)
    BFloat16Product.compute(
      x, panels: panels.forward, into: y, start: .row(bias), m: samples.count, n: outputs,
      k: inputs, rectifies: isRectified)
  }

  /// dx = dz · W.
  func roundedBackward(
    _ dz: UnsafePointer<Float>, _ panels: UnsafePointer<Float>, into dx: GradientSink, _ rows: Int
  ) {
    guard let target = dx.values.baseAddress else { return }
    BFloat16Product.compute(
      dz, panels: panels, into: target, start: dx.accumulates ? .result : .zero, m: rows,
      n: inputs, k: outputs)
  }
}

extension Tape {
  /// What dW of a layer with `weight` is computed from, where that lies in panels of bfloat16 and
  /// wants a gradient over the batch's samples, which `x` has; nil elsewhere.
  func roundedOperands(_ x: Tensor, _ weight: Tensor) -> BFloat16Operands? {
    let matrix = nodes[weight.node]
    guard matrix.panels?.isBFloat16 == true, matrix.wantsGradient, let sampleCount,
      nodes[x.node].sampleWidth > 0
    else { return nil }
    return BFloat16Operands(
      outputs: weight.shape[0], inputs: weight.shape[1],
      cuts: batchShardStarts.isEmpty ? [0, sampleCount] : batchShardStarts + [sampleCount],
      in: arena)
  }
}
