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

  /// v ← momentum · v + (g + decay · p); p ← p − rate · v; v stands as p does.
  ///
  /// - Returns: whether all of the new p are finite.
  package static func sgd(
    _ parameters: FloatBuffer, gradient: FloatBuffer, velocity: FloatBuffer, rate: Float,
    momentum: Float, decay: Float, _ block: ParameterBlock
  ) -> Bool {
    Kernels.current.pointee.sgd_momentum(
      pointer(parameters, block.range), pointer(velocity, block.range), block.stride,
      pointer(gradient, 0..<block.count), rate, momentum, decay, block.rows, block.columns)
  }

  private static func pointer(
    _ buffer: FloatBuffer, _ range: Range<Int>
  ) -> UnsafeMutablePointer<Float> {
    buffer.check(range)
    return buffer.base + range.lowerBound
  }
}
