/// How many of some values lie in each of equally wide bins between the smallest and the largest.
public struct Histogram: Sendable, Equatable {
  /// Bins of every histogram.
  public static let bins = 48

  /// The smallest of the values; 0 where there are none.
  public let low: Float
  /// The largest of the values, ≥ `low`.
  public let high: Float
  /// A count per bin; bin i holds the values of [low + i·w, low + (i + 1)·w), w = (high − low) /
  /// bins, and the last one `high` too.
  public let counts: [Int]
  /// The sum of the values.
  public let sum: Double
  /// The sum of the values' squares, ≥ 0.
  public let sumOfSquares: Double

  /// What was counted before. Nothing is checked: a file of a history is, when it is read.
  public init(low: Float, high: Float, counts: [Int], sum: Double, sumOfSquares: Double) {
    self.low = low
    self.high = high
    self.counts = counts
    self.sum = sum
    self.sumOfSquares = sumOfSquares
  }

  /// Counts the finite ones among `values`. O(values); two passes.
  public init(_ values: UnsafeBufferPointer<Float>) {
    var low = values.first(where: \.isFinite) ?? 0
    var high = low
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    var counts = [Int](repeating: 0, count: Self.bins)
    var sum = 0.0
    var squares = 0.0
    // Half the difference cannot overflow; values that are all equal go to bin 0.
    let half = high / 2 - low / 2
    let factor = half > 0 ? Float(Self.bins) / 2 / half : 0
    let last = Self.bins - 1
    counts.withUnsafeMutableBufferPointer { counts in
      for value in values where value.isFinite {
        let bin = (value - low) * factor
        counts[bin < Float(last) ? Int(bin) : bin.isNaN ? 0 : last] += 1
        sum += Double(value)
        squares += Double(value) * Double(value)
      }
    }
    (self.low, self.high, self.counts) = (low, high, counts)
    (self.sum, sumOfSquares) = (sum, squares)
  }

  /// How many values were counted.
  public var total: Int { counts.reduce(0, +) }

  /// The Euclidean norm of the values: √Σ value².
  public var norm: Double { sumOfSquares.squareRoot() }
}
