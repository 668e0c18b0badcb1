import SkeinData

/// Ends a run whose dataset was replaced under it: a resumed run would go on with other samples.
///
/// Training goes on from memory where the files were only touched or copied, and where they are
/// gone.
public final class DatasetWatch: TrainingObserver {
  private var origins: [SplitOrigin]
  private let warn: (String) -> Void
  private var hasWarned = false

  /// - Parameter warn: is told, once, that files of the dataset are gone.
  public init(_ splits: [Split], warn: @escaping (String) -> Void) {
    origins = splits.compactMap(\.origin)
    self.warn = warn
  }

  public func stepEnded(_ progress: TrainingProgress) {}

  /// - Throws: `DataError` where a shard file holds other bytes than were loaded.
  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    var gone: [DataFault] = []
    var changed: [DataFault] = []
    for index in origins.indices {
      do {
        gone += try origins[index].check()
      } catch let error as DataError {
        changed += error.faults
      }
    }
    if !changed.isEmpty { throw DataError(changed) }
    guard let first = gone.first, !hasWarned else { return }
    hasWarned = true
    warn(
      "\(first)" + (gone.count > 1 ? "; and \(counted(gone.count - 1, "file")) more" : "")
        + "; training goes on with the samples in memory")
  }
}
