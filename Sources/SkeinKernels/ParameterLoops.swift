internal import CKernels
import SkeinFiles

/// Loops over a block of parameters: what the reducer and the optimizer consist of.
///
/// All are element-wise, so any cut into blocks gives the same bits. They are in C (`CKernels`),
/// because Swift compiles a portable package for SSE2, whose vectors hold four Floats. On 3,072
/// elements in the cache of a Zen 5 core, `sgd` took 3.5 times as long in Swift, and converting
/// bytes 4.3 times.
public enum ParameterLoops {
  /// sums[i] ← factor · Σ over s of sums[s · stride + i], neighbours first, for i < `count`; the
  /// other sums are scratch memory afterwards.
  ///
  /// - Precondition: there is a sum, and no two of them overlap.
  public static func reduce(
    _ sums: FloatBuffer, stride: Int, sumCount: Int, by factor: Float, count: Int
  ) {
    require(
      sumCount > 0 && count <= stride, "\(sumCount) sums of \(count), \(stride) elements apart")
    let first = pointer(sums, 0..<((sumCount - 1) * stride + count))
    Kernels.current.pointee.reduce(first, stride, sumCount, factor, count)
  }

  /// p ← p − rate · (g + decay · p), for the elements of `block` in p; g stands at the front of
  /// `gradient`, row by row.
  ///
  /// - Returns: whether all of the new p are finite.
  package static func sgd(
    _ parameters: FloatBuffer, gradient: FloatBuffer, rate: Float, decay: Float,
    _ block: ParameterBlock
  ) -> Bool {
    Kernels.current.pointee.sgd(
      pointer(parameters, block.range), block.stride, pointer(gradient, 0..<block.count), rate,
      decay, block.rows, block.columns)
  }

  /// v ← momentum · v + (g + decay · p); p ← p − rate · v; v stands as p does. Nesterov's step goes
  /// along (g + decay · p) + momentum · v.
  ///
  /// - Returns: whether all of the new p are finite.
  package static func sgd(
    _ parameters: FloatBuffer, gradient: FloatBuffer, velocity: FloatBuffer, rate: Float,
    momentum: Float, isNesterov: Bool, decay: Float, _ block: ParameterBlock
  ) -> Bool {
    let kernels = Kernels.current
    let loop = isNesterov ? kernels.pointee.sgd_nesterov : kernels.pointee.sgd_momentum
    return loop(
      pointer(parameters, block.range), pointer(velocity, block.range), block.stride,
      pointer(gradient, 0..<block.count), rate, momentum, decay, block.rows, block.columns)
  }

  /// The numbers of one step of Adam.
  package struct AdamNumbers {
    let numbers: skein_adam

    /// See `adam` for what they are.
    package init(
      meanShare: Float, squareRest: Float, squareShare: Float, rootScale: Float, epsilon: Float,
      rate: Float, decay: Float, shrink: Float
    ) {
      numbers = skein_adam(
        mean_share: meanShare, square_rest: squareRest, square_share: squareShare,
        root_scale: rootScale, epsilon: epsilon, rate: rate, decay: decay, shrink: shrink)
    }
  }

  /// g' = g + decay · p; m ← m + (g' − m) · meanShare; v ← squareRest · v + squareShare · g' · g';
  /// p ← p · shrink − rate · (m / (√v · rootScale + epsilon)); m and v stand as p does.
  ///
  /// - Returns: whether all of the new p and v are finite.
  package static func adam(
    _ parameters: FloatBuffer, gradient: FloatBuffer, mean: FloatBuffer, square: FloatBuffer,
    _ numbers: AdamNumbers, _ block: ParameterBlock
  ) -> Bool {
    withUnsafePointer(to: numbers.numbers) {
      Kernels.current.pointee.adam(
        pointer(parameters, block.range), pointer(mean, block.range),
        pointer(square, block.range), block.stride, pointer(gradient, 0..<block.count), $0,
        block.rows, block.columns)
    }
  }

  /// a ← a + (p − a) · share, a standing as p does.
  package static func average(
    _ mean: FloatBuffer, of parameters: FloatBuffer, share: Float, _ block: ParameterBlock
  ) {
    Kernels.current.pointee.average(
      pointer(mean, block.range), pointer(parameters, block.range), block.stride, share,
      block.rows, block.columns)
  }

  /// sum[i] ← x[i] + sum[i], for all of x, at the front of `sum`.
  package static func add(_ x: UnsafeBufferPointer<Float>, to sum: FloatBuffer) {
    let sum = pointer(sum, 0..<x.count)
    for (index, value) in x.enumerated() { sum[index] = value + sum[index] }
  }

  /// Σ x² in Double over `range`: square i in order goes to sum i mod 16; then sums that
  /// stand 8 apart are added, then 4, 2 and 1 apart.
  package static func sumOfSquares(_ x: FloatBuffer, _ range: Range<Int>) -> Double {
    Kernels.current.pointee.sum_of_squares(pointer(x, range), range.count)
  }

  private static func pointer(
    _ buffer: FloatBuffer, _ range: Range<Int>
  ) -> UnsafeMutablePointer<Float> {
    buffer.check(range)
    return buffer.base + range.lowerBound
  }
}
