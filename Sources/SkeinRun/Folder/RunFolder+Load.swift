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
    let limit = Checkpoint.largestFile(network, states: 3)
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
    do {
      return try Checkpoint(decoding: bytes, file: file, network: network)
    } catch let error as FormatError where error.what == "SHA-256" {
      throw error.advising(repair(of: file) ?? error.advice)
    }
  }

  /// How to get the damaged checkpoint in `file` again; nil where a run cannot make it again.
  private static func repair(of file: String) -> String? {
    for (name, other) in [("best", "last"), ("last", "best")] {
      let end = "/checkpoints/\(name).safetensors"
      guard file.hasSuffix(end) else { continue }
      let run = String(file.dropLast(end.count)).printable()
      return "the file is damaged: skein train --run \(run) --resume makes it again where the run "
        + "has a copy; skein evaluate can use --checkpoint \(other)"
    }
    return nil
  }

  /// The newest intact checkpoint: `last`, or else the newest numbered one that is intact.
  ///
  /// - Parameter warn: gets a line for each damaged checkpoint that was skipped.
  /// - Returns: nil where there is no checkpoint at all.
  /// - Throws: the first one's `FormatError` where all are damaged, with what can be done.
  public func newestCheckpoint(
    _ network: Network, warn: (String) -> Void
  ) throws -> Checkpoint? {
    let numbered = numberedCheckpoints().reversed().map { checkpoints + "/" + $0 }
    var failures: [FormatError] = []
    for file in [last] + numbered where FolderListing.kind(of: file) != nil {
      do {
        let found = try Self.load(file, network)
        for failure in failures {
          warn("\(failure.advising("the run goes on from \(file.printable()) instead"))")
        }
        return found
      } catch let failure as FormatError {
        failures.append(failure)
      }
    }
    guard let first = failures.first else { return nil }
    for failure in failures.dropFirst() { warn("\(failure.advising(nil))") }
    throw first.advising(
      "the run has no checkpoint that can be used: put one back from a copy of the run, or begin "
        + "anew in another folder with --run")
  }

  /// Removes what is newer than `checkpoint`, so that the run can continue from it. Without a
  /// checkpoint the run begins anew.
  ///
  /// It removes later epochs from the metrics, later numbered checkpoints, and temporary files.
  ///
  /// - Parameters:
  ///   - jobs: the digests of the run's jobs, besides that of `checkpoint`. Only checkpoints of
  ///     these jobs are removed.
  ///   - warn: gets a line for each damaged line of the metrics, which is removed too.
  /// - Throws: `FileSystemError`, `FormatError` for metrics that cannot be read.
  package func rewind(
    to checkpoint: Checkpoint?, of jobs: Set<String> = [], warn: (String) -> Void = { _ in }
  ) throws {
    let jobs = checkpoint.map { jobs.union([$0.identity.job]) } ?? jobs
    try keepMetrics(through: checkpoint?.state.progress.epoch ?? 0, warn: warn)
    try removeLeftovers(after: checkpoint?.state.progress.step ?? 0, of: jobs)
  }
}
