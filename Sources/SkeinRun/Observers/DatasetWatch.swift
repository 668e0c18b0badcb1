import SkeinData
import SkeinFiles
import SkeinRecord
import SkeinTraining

/// Ends a run whose dataset was replaced under it: a resumed run would go on with other samples.
///
/// Training goes on from memory where the files were only touched or copied, where they are gone,
/// and where the system would not let them be looked at, as with too many open files: each reason
/// is told once.
public final class DatasetWatch: TrainingObserver {
  private var origins: [SplitOrigin]
  private let warn: (String) -> Void
  /// The reasons that were told already.
  private var told: Set<String> = []

  /// - Parameter warn: is told, once per reason, which files of the dataset cannot be looked at.
  public init(_ splits: [Split], warn: @escaping (String) -> Void) {
    origins = splits.compactMap(\.origin)
    self.warn = warn
  }

  /// - Throws: `DataError` where a shard file holds other bytes than were loaded.
  public func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    var unseen: [SplitOrigin.Unseen] = []
    _ = try DataError.gather(origins.indices) { index in
      // A folder that is gone is one fault, whatever splits were in it.
      unseen += try origins[index].check().filter { !unseen.contains($0) }
    }
    for file in unseen where told.insert(Self.reason(file)).inserted {
      let more = unseen.filter { Self.reason($0) == Self.reason(file) }.count - 1
      warn(
        "\(file.fault)" + (more > 0 ? "; and \(counted(more, "file")) more" : "")
          + "; training goes on with the samples in memory")
    }
  }

  /// What is told once: that files are gone, and each other reason.
  private static func reason(_ file: SplitOrigin.Unseen) -> String {
    file.isGone ? "" : file.fault.found
  }
}
