import SkeinData
import SkeinFiles
import SkeinRecord
import SkeinTraining

/// Ends a run whose dataset is replaced on the disk, since a resumed run would continue with other
/// samples.
///
/// Files that were only touched or copied do not matter. Where files are gone, or the system
/// refuses to open them, for example because too many are open, training continues from memory.
/// `warn` gets each such reason once.
package final class DatasetWatch: TrainingObserver {
  private var origins: [SplitOrigin]
  private let warn: (String) -> Void
  /// The reasons that were reported already.
  private var told: Set<String> = []

  /// - Parameters:
  ///   - splits: the run's splits. Those that came from no file are not watched.
  ///   - warn: gets a line, once per reason, that names files which cannot be checked.
  package init(_ splits: [Split], warn: @escaping (String) -> Void) {
    origins = splits.compactMap(\.origin)
    self.warn = warn
  }

  /// Checks the files of the splits. One `open` per file.
  ///
  /// - Throws: `DataError` where a shard file holds other bytes than were loaded.
  package func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
    var unseen: [SplitOrigin.Unseen] = []
    _ = try DataError.gather(origins.indices) { index in
      // A folder that is gone is one fault, even if two splits were in it.
      unseen += try origins[index].check().filter { !unseen.contains($0) }
    }
    for file in unseen where told.insert(Self.reason(file)).inserted {
      let more = unseen.filter { Self.reason($0) == Self.reason(file) }.count - 1
      warn(
        "\(file.fault)" + (more > 0 ? "; and \(counted(more, "file")) more" : "")
          + "; training goes on with the samples in memory")
    }
  }

  /// What is reported only once. That files are gone counts as one reason.
  private static func reason(_ file: SplitOrigin.Unseen) -> String {
    file.isGone ? "" : file.fault.found
  }
}
