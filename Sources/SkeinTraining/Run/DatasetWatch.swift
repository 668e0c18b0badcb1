import SkeinData

/// Ends a run whose dataset was replaced under it: a resumed run would go on with other samples.
public final class DatasetWatch: TrainingObserver {
  private let splits: [Split]

  public init(_ splits: [Split]) { self.splits = splits }

  public func stepEnded(_ progress: TrainingProgress) {}

  /// - Throws: `DataError` where a shard file is not the one that was loaded.
  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    for split in splits { try split.checkUnchanged() }
  }
}
