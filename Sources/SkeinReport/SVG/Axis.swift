import Foundation

/// One axis of a chart: it maps values to places in the picture, and chooses its ticks.
public struct Axis: Sendable {
  /// The value at `start`.
  public let low: Double
  /// The value at `end`.
  public let high: Double
  /// The place of `low` in the picture.
  public let start: Double
  /// The place of `high` in the picture.
  public let end: Double
  /// Whether equal distances are equal ratios.
  public let isLogarithmic: Bool
  /// The values that get a tick, ascending.
  public let ticks: [Double]

  /// A linear axis that holds all finite `values`. Its ends are moved outwards to round numbers.
  ///
  /// - Parameters:
  ///   - values: what the axis must hold.
  ///   - start: the place of the lower end.
  ///   - end: the place of the upper end.
  ///   - includingZero: whether the axis must hold 0, as axes of lengths and counts should.
  ///   - wanted: the approximate number of ticks.
  ///   - isExact: whether the ends are the smallest and the largest value, and not rounded.
  public init(
    values: [Double], from start: Double, to end: Double, includingZero: Bool = false,
    wanted: Int = 5, isExact: Bool = false
  ) {
    let finite = values.filter(\.isFinite)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if includingZero {
      low = min(low, 0)
      high = max(high, 0)
    }
    // No tick step divides the range of a single value, or that of numbers at the end of Double's
    // range.
    low = min(max(low, -1e300), 1e300)
    high = min(max(high, -1e300), 1e300)
    if high - low <= abs(high) * 1e-9 {
      let half = max(abs(high) * 0.1, 1e-9)
      (low, high) = (includingZero && low == 0 ? 0 : low - half, high + half)
    }
    let step = Self.step(high - low, wanted: wanted)
    if !isExact {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    (self.low, self.high, self.start, self.end) = (low, high, start, end)
    isLogarithmic = false
    let first = (low / step - 1e-9).rounded(.up)
    let count = Int(min(50, max(0, ((high - first * step) / step + 1e-9).rounded(.down))))
    ticks = (0...count).map { (first + Double($0)) * step }
  }

  /// A logarithmic axis that holds all positive finite `values`. Its ends are powers of ten.
  ///
  /// - Parameters:
  ///   - values: what the axis must hold.
  ///   - start: the place of the lower end.
  ///   - end: the place of the upper end.
  public init(logarithmic values: [Double], from start: Double, to end: Double) {
    let finite = values.filter { $0.isFinite && $0 > 0 }
    let bottom = max(-300, log10(finite.min() ?? 1).rounded(.down))
    let top = max(bottom + 1, log10(finite.max() ?? 10).rounded(.up))
    low = pow(10, bottom)
    high = pow(10, top)
    (self.start, self.end) = (start, end)
    isLogarithmic = true
    let every = max(1, Int((top - bottom) / 5))
    ticks = stride(from: Int(bottom), through: Int(top), by: every).map { pow(10, Double($0)) }
  }

  /// The place of `value` in the picture; not finite where a logarithmic axis has no place for it.
  public func place(_ value: Double) -> Double {
    let share =
      isLogarithmic
      ? (value > 0 ? log10(value / low) / log10(high / low) : .nan)
      : (value - low) / (high - low)
    return start + share * (end - start)
  }

  /// The text of the tick at `value`. It has as many decimals as the ticks need, and `k` or `M` for
  /// large numbers.
  public func label(_ value: Double) -> String {
    if isLogarithmic { return NumberFormat.short(value) }
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : abs(value)
    let largest = max(abs(low), abs(high))
    for (unit, factor) in [("M", 1e6), ("k", 1e3)] where largest >= 10 * factor {
      return NumberFormat.fixed(value / factor, step: step / factor) + (value == 0 ? "" : unit)
    }
    if largest < 1e-3 || largest >= 1e9 { return NumberFormat.short(value) }
    return NumberFormat.fixed(value, step: step)
  }

  /// The distance of two ticks, 1, 2 or 5 × 10ⁿ. About `wanted` of them fill `range`.
  private static func step(_ range: Double, wanted: Int) -> Double {
    let rough = range / Double(max(wanted, 1))
    let power = pow(10, log10(rough).rounded(.down))
    let digit = rough / power
    return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10)
  }
}
