import SkeinFiles
import SkeinKernels

/// Turns gradient sums into the mean over the samples.
///
/// The only place of a training step that divides a gradient: it multiplies by 1 / divisor, rounded
/// once.
public protocol GradientReducer: Sendable {
  /// Leaves the mean of `count` elements at the front of `sums`.
  ///
  /// - Parameters:
  ///   - sums: sum s is at s · `stride` ..< s · `stride` + `count`; all of them are overwritten. A
  ///     batch has one sum for each batch shard.
  ///   - sumCount: how many sums there are.
  ///   - divisor: how many samples all sums together hold; 1 to add them up and divide later, where
  ///     a step has several batches.
  /// - Precondition: there is a sum, and `divisor` is positive.
  func reduce(_ sums: FloatBuffer, stride: Int, sumCount: Int, divisor: Double, count: Int)
}

/// Adds neighbours pair by pair: (g₀ + g₁) + (g₂ + g₃) …, a binary tree over the batch shard's
/// index.
///
/// The tree depends on the number of batch shards alone, so neither the number of workers nor the
/// order in which they finish changes a bit of the sum.
public struct TreeReducer: GradientReducer {
  /// A reducer without state.
  public init() {}

  /// As `GradientReducer.reduce`. O(`count` · `sumCount`), no allocation.
  public func reduce(
    _ sums: FloatBuffer, stride: Int, sumCount: Int, divisor: Double, count: Int
  ) {
    require(sumCount > 0 && divisor > 0, "\(sumCount) sums over \(divisor) samples")
    ParameterLoops.reduce(
      sums, stride: stride, sumCount: sumCount, by: 1 / Float(divisor), count: count)
  }
}
