import SkeinFiles
import SkeinKernels

/// Turns the batch shards' gradient sums into the mean over the batch's samples.
///
/// The only place of a training step that divides a gradient: it multiplies by 1 / samples, rounded
/// once.
public protocol GradientReducer: Sendable {
  /// Leaves the mean of `count` elements at the front of `sums`.
  ///
  /// - Parameters:
  ///   - sums: batch shard s's gradient sum is at s · `stride` ..< s · `stride` + `count`; all of
  ///     them are overwritten.
  ///   - batchShards: how many sums there are.
  ///   - samples: how many samples all sums together hold.
  /// - Precondition: there is a sum, and `samples` is positive.
  func reduce(_ sums: FloatBuffer, stride: Int, batchShards: Int, samples: Int, count: Int)
}

/// Adds neighbours pair by pair: (g₀ + g₁) + (g₂ + g₃) …, a binary tree over the batch shard's
/// index.
///
/// The tree depends on the number of batch shards alone, so neither the number of workers nor the
/// order in which they finish changes a bit of the sum.
public struct TreeReducer: GradientReducer {
  /// A reducer without state.
  public init() {}

  /// As `GradientReducer.reduce`. O(`count` · `batchShards`), no allocation.
  public func reduce(_ sums: FloatBuffer, stride: Int, batchShards: Int, samples: Int, count: Int) {
    require(batchShards > 0 && samples > 0, "\(batchShards) sums over \(samples) samples")
    ParameterLoops.reduce(
      sums, stride: stride, sumCount: batchShards, by: 1 / Float(samples), count: count)
  }
}
