import SkeinAutograd

/// Turns the batch shards' gradient sums into the mean over the batch's samples.
///
/// The only place of the program that divides a gradient.
public protocol GradientReducer: Sendable {
  /// Leaves the mean of elements `range` in the same elements of `sums[0]`.
  ///
  /// - Parameters:
  ///   - sums: one gradient sum per batch shard; their `range` is overwritten.
  ///   - samples: how many samples all sums together hold.
  /// - Precondition: there is a sum, and `samples` is positive.
  func reduce(_ sums: ArraySlice<FloatBuffer>, samples: Int, range: Range<Int>)
}

/// Adds neighbours pair by pair: (g₀ + g₁) + (g₂ + g₃) …, a binary tree over the shard index.
///
/// The tree depends on the number of batch shards alone, so neither the number of workers nor the
/// order in which they finish changes a bit of the sum.
public struct TreeReducer: GradientReducer {
  public init() {}

  public func reduce(_ sums: ArraySlice<FloatBuffer>, samples: Int, range: Range<Int>) {
    precondition(!sums.isEmpty && samples > 0, "\(sums.count) sums over \(samples) samples")
    // A block of every sum stays in the cache while the tree is walked.
    let block = 2048
    var start = range.lowerBound
    while start < range.upperBound {
      let part = start..<min(start + block, range.upperBound)
      var distance = 1
      while distance < sums.count {
        for at in stride(from: 0, to: sums.count - distance, by: 2 * distance) {
          add(sums[sums.startIndex + at + distance], to: sums[sums.startIndex + at], part)
        }
        distance *= 2
      }
      let divisor = Float(samples)
      sums[sums.startIndex].withMutableValues(part) { sum in
        for i in 0..<sum.count { sum[i] /= divisor }
      }
      start = part.upperBound
    }
  }

  private func add(_ source: FloatBuffer, to sum: FloatBuffer, _ range: Range<Int>) {
    source.withValues(range) { source in
      sum.withMutableValues(range) { sum in
        for i in 0..<sum.count { sum[i] += source[i] }
      }
    }
  }
}
