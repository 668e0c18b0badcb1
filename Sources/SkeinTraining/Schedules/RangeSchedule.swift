import Foundation

/// A rate that grows by one factor from step to step: what a learning-rate range test trains with.
///
///     first · (last / first)^(k / (steps − 1))          k = 0, 1, … steps − 1
///
/// Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2017.
public struct RangeSchedule: Schedule, Equatable {
  /// The first rate, > 0.
  public let first: Double
  /// The last rate, above the first.
  public let last: Double
  /// How many steps there are, > 1. Later steps have the last rate.
  public let steps: Int

  /// - Parameters:
  ///   - first: > 0.
  ///   - last: > `first`.
  ///   - steps: > 1.
  public init(from first: Double, to last: Double, steps: Int) {
    (self.first, self.last, self.steps) = (first, last, steps)
  }

  /// O(1).
  public func learningRate(at position: SchedulePosition) -> Float {
    Float(rate(ofStep: position.step))
  }

  /// The same in Double. By the machine's `pow`: nothing that is kept is trained with it.
  func rate(ofStep step: Int) -> Double {
    let part = Double(min(step, steps) - 1) / Double(steps - 1)
    return first * pow(last / first, part)
  }
}
