import SkeinFiles
import SkeinModel

extension RunFolder {
  /// Reads the checkpoint in `file`, for a model of `network`.
  ///
  /// Memory: at most what a checkpoint of that model takes, whatever the file's size is.
  ///
  /// - Throws: `FormatError` for a file that is missing, is damaged, or is no checkpoint of that
  ///   model.
  public static func load(_ file: String, _ network: Network) throws -> Checkpoint {
    let advice = "train first, or name another one with --checkpoint"
    func fault(_ expected: String, _ found: String, _ advice: String) -> FormatError {
      FormatError(file: file, what: "file", expected: expected, found: found, advice: advice)
    }
    let limit = Checkpoint.largestFile(network)
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(file, atMost: limit)
    } catch .tooLarge(let size) {
      throw fault(
        "at most \(limit) bytes, as a checkpoint of this model has", "\(size)",
        "it is of another model, or no checkpoint: use another one")
    } catch {
      throw fault("a checkpoint", error.description, advice)
    }
    return try Checkpoint(decoding: bytes, file: file, network: network)
  }

  /// The newest intact checkpoint: `last`, or else the newest numbered one that is intact.
  ///
  /// - Parameter warn: gets a line for each damaged checkpoint that was skipped.
  /// - Returns: nil where there is no checkpoint at all.
  /// - Throws: the first one's `FormatError` where all are damaged.
  public func newestCheckpoint(
    _ network: Network, warn: (String) -> Void
  ) throws -> Checkpoint? {
    let numbered = numberedCheckpoints().reversed().map { checkpoints + "/" + $0 }
    var failure: (any Error)?
    for file in [last] + numbered where FolderListing.kind(of: file) != nil {
      do {
        return try Self.load(file, network)
      } catch {
        warn("\(error)")
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return nil
  }

  /// Removes what is newer than `checkpoint`, so that the run can continue from it. Without a
  /// checkpoint the run begins anew.
  ///
  /// It removes later epochs from the metrics, later numbered checkpoints, and temporary files.
  ///
  /// - Parameter jobs: the digests of the run's jobs, besides that of `checkpoint`. Only
  ///   checkpoints of these jobs are removed.
  /// - Throws: `FileSystemError`, `FormatError` for metrics that cannot be read.
  package func rewind(to checkpoint: Checkpoint?, of jobs: Set<String> = []) throws {
    let jobs = checkpoint.map { jobs.union([$0.identity.job]) } ?? jobs
    try keepMetrics(through: checkpoint?.state.progress.epoch ?? 0)
    try removeLeftovers(after: checkpoint?.state.progress.step ?? 0, of: jobs)
  }
}
