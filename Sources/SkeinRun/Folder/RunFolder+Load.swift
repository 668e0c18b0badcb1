import SkeinFiles
import SkeinModel
import SkeinSafetensors

extension RunFolder {
  /// The checkpoint in `file`, for a model of `network`. Memory: at most what a checkpoint of
  /// that model takes.
  ///
  /// - Throws: `FormatError`.
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

  /// The newest checkpoint that is whole: `last`, and behind it the numbered ones, newest first.
  ///
  /// - Parameter warn: gets a line for each damaged checkpoint that was passed over.
  /// - Returns: nil where there is none at all.
  /// - Throws: the first one's `FormatError` where every one is damaged.
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

  /// Makes the folder go on from `checkpoint`, or from the beginning: drops what is newer.
  ///
  /// - Parameter jobs: the digests of the run's jobs, besides the checkpoint's; only their
  ///   checkpoints are dropped.
  /// - Throws: `FileSystemError`, `FormatError` for metrics that cannot be read.
  public func rewind(to checkpoint: Checkpoint?, of jobs: Set<String> = []) throws {
    let jobs = checkpoint.map { jobs.union([$0.identity.job]) } ?? jobs
    try keepMetrics(through: checkpoint?.state.progress.epoch ?? 0)
    try removeLeftovers(after: checkpoint?.state.progress.step ?? 0, of: jobs)
  }
}
