/// A rate that falls along half a cosine, step by step, as PyTorch's `CosineAnnealingLR` with one
/// call per step:
///
///     final + (rate − final) · (1 + cos(π · k / steps)) / 2        k = 0, 1, … steps − 1
///
/// Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017.
public struct CosineSchedule: Schedule, Equatable {
  /// The first rate, ≥ 0.
  public let rate: Float
  /// The rate that a further step would have, ≥ 0.
  public let final: Float

  /// - Parameters:
  ///   - rate: ≥ 0.
  ///   - final: ≥ 0.
  public init(_ rate: Float, final: Float = 0) { (self.rate, self.final) = (rate, final) }

  /// O(1).
  public func learningRate(at position: SchedulePosition) -> Float {
    let part = Double(position.step - 1) / Double(max(position.steps, 1))
    return Float(HalfCosine.between(Double(rate), Double(final), part))
  }
}

/// A rate that rises to its peak in the first part of the steps and falls to almost nothing in the
/// rest, along half cosines, as PyTorch's `OneCycleLR` without its cycle of momentum.
///
/// It begins at peak / 25, and ends at a 10,000th of that. Source: Smith and Topin,
/// "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2018.
public struct OneCycleSchedule: Schedule, Equatable {
  /// The greatest rate, ≥ 0.
  public let peak: Float
  /// The part of the steps in which the rate rises, in 0…1.
  public let rise: Double

  private static let firstDivisor = 25.0
  private static let lastDivisor = 1e4

  /// - Parameters:
  ///   - peak: ≥ 0.
  ///   - rise: in 0…1.
  public init(peak: Float, rise: Double = 0.3) { (self.peak, self.rise) = (peak, rise) }

  /// O(1).
  public func learningRate(at position: SchedulePosition) -> Float {
    let top = Double(peak)
    let first = top / Self.firstDivisor
    let step = Double(position.step - 1)
    let last = Double(position.steps) - 1
    let turn = rise * Double(position.steps) - 1
    if step <= turn { return Float(HalfCosine.between(first, top, turn > 0 ? step / turn : 1)) }
    return Float(
      HalfCosine.between(top, first / Self.lastDivisor, min((step - turn) / (last - turn), 1)))
  }
}

/// Half a cosine, from products and sums alone: libm's `cos` differs between processors.
enum HalfCosine {
  /// From `start`, at `part` 0, to `end`, at 1: end + (start − end) · (1 + cos(π · part)) / 2.
  static func between(_ start: Double, _ end: Double, _ part: Double) -> Double {
    end + (start - end) * (1 + cosine(part)) / 2
  }

  /// cos(π · part) for `part` in 0…1, to within 2 units in the last place of 1: −sin(π · (part −
  /// ½)), by sine's series up to the 21st power.
  static func cosine(_ part: Double) -> Double {
    let x = Double.pi * (part - 0.5)
    let square = x * x
    var sum = 0.0
    for power in stride(from: 21, through: 3, by: -2) {
      sum = (1 - sum) * square / Double(power * (power - 1))
    }
    return -x * (1 - sum)
  }
}
