import SkeinRecord

/// A rate that falls by a factor after every so many epochs, as PyTorch's `StepLR`:
///
///     rate · factor^(epoch / every)          epoch from 0, the quotient rounded down
public struct StepSchedule: Schedule, Equatable {
  /// The first rate, ≥ 0.
  public let rate: Float
  /// Epochs between two falls, > 0.
  public let every: Int
  /// What the rate is multiplied by, > 0.
  public let factor: Double

  /// - Parameters:
  ///   - rate: ≥ 0.
  ///   - every: epochs, > 0.
  ///   - factor: > 0.
  public init(_ rate: Float, every: Int, factor: Double) {
    (self.rate, self.every, self.factor) = (rate, every, factor)
  }

  /// O(log epochs).
  public func learningRate(at position: SchedulePosition) -> Float {
    Float(Double(rate) * Adam.power(factor, position.epoch / every))
  }
}

/// A rate that falls by a factor after every epoch, as PyTorch's `ExponentialLR`: rate ·
/// factor^epoch.
public struct ExponentialSchedule: Schedule, Equatable {
  /// The first rate, ≥ 0.
  public let rate: Float
  /// What the rate is multiplied by, > 0.
  public let factor: Double

  /// - Parameters:
  ///   - rate: ≥ 0.
  ///   - factor: > 0.
  public init(_ rate: Float, factor: Double) { (self.rate, self.factor) = (rate, factor) }

  /// O(log epochs).
  public func learningRate(at position: SchedulePosition) -> Float {
    Float(Double(rate) * Adam.power(factor, position.epoch))
  }
}

/// A rate that falls by a factor when a number has not become better for a while, as PyTorch's
/// `ReduceLROnPlateau` with its other defaults. A loss is better where it is below 0.9999 of the
/// best one.
public struct PlateauSchedule: Schedule, Equatable {
  /// The first rate, ≥ 0.
  public let rate: Float
  /// Epochs without a better number that are waited for, ≥ 0: the one after them brings the fall.
  public let patience: Int
  /// What the rate is multiplied by, > 0.
  public let factor: Double
  /// Which number is watched; nil for the loss that `BestMetric.loss(of:)` names.
  public let metric: BestMetric?

  /// - Parameters:
  ///   - rate: ≥ 0.
  ///   - patience: epochs, ≥ 0.
  ///   - factor: > 0.
  ///   - metric: which number is watched, or nil.
  public init(_ rate: Float, patience: Int, factor: Double, metric: BestMetric? = nil) {
    (self.rate, self.patience, self.factor, self.metric) = (rate, patience, factor, metric)
  }

  /// O(log reductions).
  public func learningRate(at position: SchedulePosition) -> Float {
    Float(Double(rate) * Adam.power(factor, position.reductions))
  }

  /// Counts the epochs without a better number.
  public func note(_ metrics: EpochMetrics, in plateau: inout Plateau) {
    // Greater is better: a loss has its sign changed.
    let metric = metric ?? BestMetric.loss(of: metrics)
    plateau.note(metric.score(metrics).value) { $0 > $1 + 1e-4 * abs($1) }
    if plateau.waited > patience {
      plateau.reductions += 1
      plateau.waited = 0
    }
  }
}
