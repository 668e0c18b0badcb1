/// Where training stands.
public struct TrainingProgress: Sendable, Equatable {
  /// Completed epochs.
  public var epoch = 0
  /// Steps since the run began.
  public var step = 0
  /// Batches used in the present epoch, and how many it has.
  public var batch = 0
  public var batches = 0
  /// What the present epoch's batches add up to.
  public var totals = ShardResult()

  public init() {}
}
