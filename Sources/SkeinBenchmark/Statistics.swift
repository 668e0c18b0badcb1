/// The order statistics of repeated measurements. One disturbed repetition cannot change their
/// median and quartiles much.
public struct Statistics: Sendable, Equatable {
  /// How many measurements there are, > 0.
  public let count: Int
  /// The least measurement.
  public let minimum: Double
  /// The lower quartile.
  ///
  /// The quantile q is the value at position (n − 1)·q of the sorted measurements, interpolated
  /// between its neighbours. Source: Hyndman and Fan, "Sample quantiles in statistical packages",
  /// 1996, type 7, which is also the default of NumPy and R.
  public let lowerQuartile: Double
  /// The quantile 0.5.
  public let median: Double
  /// The quantile 0.75.
  public let upperQuartile: Double
  /// The greatest measurement.
  public let maximum: Double

  /// The distance of the quartiles as a share of the median; 0 for a median of 0.
  public var spread: Double { median == 0 ? 0 : (upperQuartile - lowerQuartile) / median }

  /// The statistics of `values`; nil without values, or where one is not finite. O(n log n).
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
