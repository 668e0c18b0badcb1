import SkeinRecord

/// Any schedule, and before it a rise to its first rate: step s of W has s / W of it, from 1 / W to
/// all. The schedule behind it begins with the step after these, and lasts as many steps fewer.
///
/// It is PyTorch's `SequentialLR` of `LinearLR(start_factor=1/W, total_iters=W-1)` and the other
/// one. Source: Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017.
public struct WarmUp: Schedule {
  /// What follows.
  public let base: any Schedule
  /// How long the rise takes, in epochs, ≥ 0: rounded to whole steps, at least 1 unless it is 0.
  public let epochs: Double

  /// - Parameters:
  ///   - base: what follows.
  ///   - epochs: ≥ 0, finite.
  public init(_ base: any Schedule, epochs: Double) { (self.base, self.epochs) = (base, epochs) }

  /// As the base's, and O(1).
  public func learningRate(at position: SchedulePosition) -> Float {
    let steps = steps(of: position)
    if position.step > steps { return base.learningRate(at: shifted(position, by: steps)) }
    var first = shifted(position, by: steps)
    first.step = 1
    let rate = Double(base.learningRate(at: first))
    return Float(rate * Double(position.step) / Double(steps))
  }

  /// Notes what the base notes.
  public func note(_ metrics: EpochMetrics, in plateau: inout Plateau) {
    base.note(metrics, in: &plateau)
  }

  /// How many steps the rise takes.
  private func steps(of position: SchedulePosition) -> Int {
    guard epochs > 0 else { return 0 }
    let steps = (epochs * Double(position.stepsPerEpoch)).rounded(.toNearestOrEven)
    return max(1, Int(min(steps, 1e15)))
  }

  /// The place in the base's own steps.
  private func shifted(_ position: SchedulePosition, by steps: Int) -> SchedulePosition {
    var shifted = position
    shifted.step = position.step - steps
    shifted.stepsBefore = steps
    return shifted
  }
}
