/// What one worker did with its time in an epoch's training part, in seconds.
public struct WorkerSplit: Codable, Sendable, Equatable {
  /// Gathering samples, forward and backward passes.
  public var forwardBackward: Double
  /// Forming the weights' gradients, reducing them, and updating.
  public var reduceUpdate: Double
  /// Without work: at a barrier, or where only the first worker can have any.
  public var waiting: Double

  public init(forwardBackward: Double, reduceUpdate: Double, waiting: Double) {
    self.forwardBackward = forwardBackward
    self.reduceUpdate = reduceUpdate
    self.waiting = waiting
  }

  /// The parts' names, as reports show them.
  enum CodingKeys: String, CodingKey {
    case forwardBackward = "forward+backward"
    case reduceUpdate = "reduce+update"
    case waiting
  }
}
