import SkeinAutograd

/// Turns the batch shards' gradient sums into the mean over the batch's samples.
///
/// The only place of the program that divides a gradient: it multiplies by 1 / samples, rounded once.
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
    let inverse = 1 / Float(samples)
    let first = sums[sums.startIndex]
    // A block of every sum stays in the innermost cache, 32 KiB, while the tree is walked.
    let block = max(64, 6144 / (sums.count + 1) & ~63)
    var start = range.lowerBound
    while start < range.upperBound {
      let part = start..<min(start + block, range.upperBound)
      var distance = 1
      while distance < sums.count {
        var at = sums.startIndex
        while at + distance < sums.endIndex {
          ParameterLoops.add(sums[at + distance], to: sums[at], part)
          at += 2 * distance
        }
        distance *= 2
      }
      ParameterLoops.scale(first, by: inverse, part)
      start = part.upperBound
    }
  }
}
