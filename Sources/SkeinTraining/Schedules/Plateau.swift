/// How long a number has not become better.
public struct Plateau: Sendable, Equatable {
  /// The best value so far; nil before the first epoch ends.
  public var best: Double?
  /// How many epochs have ended since without a better one.
  public var waited = 0
  /// How often the patience has ended.
  public var reductions = 0

  /// Before the first epoch.
  public init() {}

  /// Notes an epoch's value.
  ///
  /// - Parameter isBetter: whether a value is better than the best one so far.
  public mutating func note(_ value: Double, isBetter: (_ value: Double, _ best: Double) -> Bool) {
    if best.map({ isBetter(value, $0) }) ?? true {
      (best, waited) = (value, 0)
    } else {
      waited += 1
    }
  }
}
