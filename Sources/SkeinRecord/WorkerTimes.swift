/// What one worker did with its time in an epoch's training part, in seconds.
public struct WorkerTimes: Codable, Sendable, Equatable {
  /// Reading samples, and the forward and backward passes.
  public var forwardBackward: Double
  /// Computing the weights' gradients, reducing them, and updating.
  public var reduceUpdate: Double
  /// Waiting: at a barrier, or while only the first worker has work.
  public var waiting: Double

  /// Three parts in seconds, each ≥ 0.
  public init(forwardBackward: Double, reduceUpdate: Double, waiting: Double) {
    self.forwardBackward = forwardBackward
    self.reduceUpdate = reduceUpdate
    self.waiting = waiting
  }

  /// The parts' names, as files have them.
  enum CodingKeys: String, CodingKey {
    case forwardBackward = "forward+backward"
    case reduceUpdate = "reduce+update"
    case waiting
  }

  /// The name of the phase whose time `forwardBackward` is, for clocks that measure phases by name.
  public static let forwardBackwardPhase = CodingKeys.forwardBackward.rawValue
  /// The name of the phase whose time `reduceUpdate` is.
  public static let reduceUpdatePhase = CodingKeys.reduceUpdate.rawValue
}
