/// The middle and the spread of repeated measurements: order statistics, which one disturbed
/// repetition cannot move far.
public struct Statistics: Sendable, Equatable {
  public let count: Int
  public let minimum: Double
  /// The quartiles, interpolated between neighbours: the value at position (n − 1)·q of the sorted
  /// ones (Hyndman and Fan 1996, type 7, as NumPy's and R's default).
  public let lowerQuartile: Double
  public let median: Double
  public let upperQuartile: Double
  public let maximum: Double

  /// The distance of the quartiles as a share of the median; 0 for a median of 0.
  public var spread: Double { median == 0 ? 0 : (upperQuartile - lowerQuartile) / median }

  /// O(n log n). Nil without values, or where one is not finite.
  public init?(_ values: some Collection<Double>) {
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
    let sorted = values.sorted()
    func quantile(_ q: Double) -> Double {
      let position = Double(sorted.count - 1) * q
      let below = Int(position)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
    count = sorted.count
    minimum = sorted[0]
    lowerQuartile = quantile(0.25)
    median = quantile(0.5)
    upperQuartile = quantile(0.75)
    maximum = sorted[sorted.count - 1]
  }
}
