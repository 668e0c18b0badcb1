import SkeinRecord

/// What watches a training run: progress, logs, checkpoints. Every method may be left out.
public protocol TrainingObserver: AnyObject {
  /// After every step; keep it cheap.
  func stepEnded(_ progress: TrainingProgress) throws
  /// Adds to an epoch's numbers what the observer knows of it, such as warnings: called before
  /// `epochEnded`, and again where an epoch's end is tried again.
  ///
  /// - Parameter training: the seconds of the epoch's training part.
  func complete(_ metrics: inout EpochMetrics, training: Double)
  /// After every epoch and its evaluation.
  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws
}

extension TrainingObserver {
  /// Does nothing.
  public func stepEnded(_ progress: TrainingProgress) throws {}
  /// Adds nothing.
  public func complete(_ metrics: inout EpochMetrics, training: Double) {}
  /// Does nothing.
  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {}
}
