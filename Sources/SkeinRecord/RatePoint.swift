/// A learning rate at some place of a training.
public struct RatePoint: Sendable, Equatable {
  /// How many epochs lie behind it; a fraction within an epoch.
  public var epoch: Double
  /// The rate, ≥ 0.
  public var rate: Double

  /// - Parameters:
  ///   - epoch: ≥ 0.
  ///   - rate: ≥ 0.
  public init(epoch: Double, rate: Double) {
    self.epoch = epoch
    self.rate = rate
  }
}
