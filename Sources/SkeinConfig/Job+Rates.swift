import SkeinRecord
import SkeinTraining

extension Job {
  /// The schedule of the job's rates.
  public var rates: any Schedule { schedule.schedule(rate: optimizer.learningRate) }

  /// The learning rates of the first `epochs` epochs: of every step, or of so many of them that a
  /// picture shows no more. What a schedule does when a number stands still is not known before the
  /// training, and not in it. O(points).
  ///
  /// - Parameters:
  ///   - epochs: at most the job's.
  ///   - stepsPerEpoch: > 0.
  ///   - points: about how many points are wanted, > 1.
  public func rates(epochs: Int, stepsPerEpoch: Int, points: Int = 600) -> [RatePoint] {
    let whole = SchedulePosition(step: 1, stepsPerEpoch: stepsPerEpoch, epochs: epochs)
    let (rates, count) = (rates, whole.steps)
    guard count > 0 else { return [] }
    let last = min(count, max(points, 2)) - 1
    return (0...last).map { index in
      let step = last == 0 ? 1 : 1 + Int(Double(index) / Double(last) * Double(count - 1))
      let position = SchedulePosition(
        step: step, stepsPerEpoch: stepsPerEpoch, epochs: training.epochs)
      return RatePoint(
        epoch: Double(step - 1) / Double(stepsPerEpoch),
        rate: Double(rates.learningRate(at: position)))
    }
  }

  /// The learning rates of a run, given its metrics: step by step where the schedule is known
  /// beforehand, and else those that the epochs recorded.
  public func rates(of epochs: [EpochMetrics]) -> [RatePoint] {
    guard let last = epochs.last, last.epoch > 0, schedule.kind != .plateau else {
      return epochs.map {
        RatePoint(
          epoch: Double($0.epoch), rate: $0.learningRate ?? Double(optimizer.learningRate))
      }
    }
    return rates(epochs: last.epoch, stepsPerEpoch: max(last.step / last.epoch, 1))
  }
}
