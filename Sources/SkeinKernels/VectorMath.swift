internal import CKernels

/// Functions of many Floats at once, with the same bits for every set of instructions.
///
/// libm takes them one by one, at 5 ns each: a fifth of a training step of a small network. And it
/// chooses among variants by the processor, so that its bits differ between machines. Numerics.md
/// has the formulas and their errors.
package enum VectorMath {
  /// y[i] = e^(x[i]) for i < `count`; `y` may be `x`. Error: at most 1.1 units in the last place.
  package static func exp(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { Kernels.current.pointee.exp(x, y, count) }

  /// y[i] = e^(x[i]) for x[i] ≤ 0, but 0 for x[i] < −64. For a softmax that is trained with: what
  /// it leaves out is below 2⁻⁹², and may become denormal on its way through a backward pass.
  package static func softmaxExp(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { Kernels.current.pointee.softmax_exp(x, y, count) }

  /// y[i] = e^(x[i]) − 1, for x[i] ≤ 88; infinity beyond. Error: at most 1.5 units in the last
  /// place.
  package static func expm1(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { Kernels.current.pointee.expm1(x, y, count) }

  /// y[i] = ln x[i]. Error: at most 1 unit in the last place.
  package static func log(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { Kernels.current.pointee.log(x, y, count) }

  /// y[i] = ln(1 + x[i]), for x[i] ≥ 0. Error: at most 1.5 units in the last place.
  package static func log1p(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { Kernels.current.pointee.log1p(x, y, count) }

  /// y[i] = tanh x[i]. Error: at most 1.5 units in the last place.
  package static func tanh(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { Kernels.current.pointee.tanh(x, y, count) }

  /// y[i] = erf x[i]. Error: at most 1.1 units in the last place.
  package static func erf(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) { Kernels.current.pointee.erf(x, y, count) }

  /// ln x, of one number.
  package static func log(_ x: Float) -> Float {
    withUnsafePointer(to: x) { x in
      var y: Float = 0
      log(x, into: &y, count: 1)
      return y
    }
  }
}
