import Foundation
import SkeinFiles
import SkeinModel
import SkeinTraining

extension RunFolder {
  /// Writes a checkpoint's `bytes`: as `step-N`, as `best` where it is that, and at the very end as
  /// `last`, from which a resumed run goes on. Then removes numbered ones beyond the newest `keep`.
  ///
  /// Each name stands for the old checkpoint or the new one at every instant. `best` is a link to
  /// `step-N`; `last` is written a second time, since one bad block must not take both. The metrics
  /// of the epochs before are made to last first.
  /// - Parameter jobs: the digests of the run's jobs; only their checkpoints are removed.
  /// - Throws: `FileSystemError`.
  func save(_ bytes: [UInt8], step: Int, isBest: Bool, keep: Int, of jobs: Set<String>) throws {
    try LogFile.flush(metricsFile, through: calls)
    let numbered = checkpoint(step: step)
    try AtomicFile.write([bytes], to: numbered, through: calls)
    if isBest { try AtomicFile.link(numbered, as: best, content: bytes, through: calls) }
    try AtomicFile.write([bytes], to: last, through: calls)
    for name in ownCheckpoints(of: jobs).dropLast(keep) { try remove(name) }
  }

  /// Removes what a stopped run may have left: numbered checkpoints of its own from after `step`,
  /// and its temporary files.
  ///
  /// - Throws: `FileSystemError`.
  func removeLeftovers(after step: Int, of jobs: Set<String>) throws {
    let newest = URL(fileURLWithPath: checkpoint(step: step)).lastPathComponent
    for name in ownCheckpoints(of: jobs) where name > newest { try remove(name) }
    for folder in ["", "checkpoints", "history"] {
      let names = (try? FolderListing.names(in: "\(path)/\(folder)")) ?? []
      for name in names where Self.isTemporary(name, in: folder) {
        _ = calls.unlink("\(path)/\(folder)/\(name)")
      }
    }
  }

  /// Makes both copies of `checkpoint` whole again, the numbered one and `last`, as well as `best`
  /// where it shared the numbered one's bytes: what one bad block took is in the other copy.
  ///
  /// - Parameter warn: gets a line for each file that was written again.
  /// - Throws: `FileSystemError`.
  public func restoreCopies(
    of checkpoint: Checkpoint, _ network: Network, warn: (String) -> Void
  ) throws {
    let bytes = checkpoint.encode(network)
    let numbered = self.checkpoint(step: checkpoint.state.progress.step)
    func holds(_ file: String) -> Bool {
      (try? WholeFile.read(file, atMost: bytes.count)) == bytes
    }
    let isBest = FolderListing.areOneFile(numbered, best)
    if !holds(numbered) {
      try AtomicFile.write([bytes], to: numbered, through: calls)
      if isBest { try AtomicFile.link(numbered, as: best, content: bytes, through: calls) }
      warn("\(numbered.printable()) was missing or damaged: written again")
    }
    let isDamaged = !holds(last)
    // The first edition made them two names of one file.
    guard isDamaged || FolderListing.areOneFile(numbered, last) else { return }
    try AtomicFile.write([bytes], to: last, through: calls)
    if isDamaged { warn("\(last.printable()) was missing or damaged: written again") }
  }

  /// Makes the best checkpoint whole again where the numbered one of its epoch is still there, and
  /// says so where it is not.
  ///
  /// - Parameters:
  ///   - metric: what the best epoch is chosen by.
  ///   - warn: gets a line where it was missing or damaged.
  /// - Throws: `FileSystemError`, `FormatError` for metrics that cannot be read.
  public func restoreBest(
    by metric: BestMetric, _ network: Network, warn: (String) -> Void
  ) throws {
    guard (try? Self.load(best, network)) == nil,
      let step = try bestEpoch(by: metric)?.step
    else { return }
    let numbered = checkpoint(step: step)
    guard let checkpoint = try? Self.load(numbered, network) else {
      return warn(
        "\(best.printable()) is missing or damaged, and step \(step), which it was, is kept "
          + "nowhere else: the next better epoch takes its place; until then name another "
          + "checkpoint with --checkpoint")
    }
    try AtomicFile.link(
      numbered, as: best, content: checkpoint.encode(network), through: calls)
    warn("\(best.printable()) was missing or damaged: made again from step \(step)")
  }

  /// The names of the numbered checkpoints, oldest first, whoever wrote them.
  func numberedCheckpoints() -> [String] {
    let names = (try? FolderListing.names(in: checkpoints)) ?? []
    return names.filter { $0.hasPrefix("step-") && Self.isOwn($0, in: "checkpoints") }
  }

  /// Those of them that runs of `jobs` wrote, each under the name of its step.
  private func ownCheckpoints(of jobs: Set<String>) -> [String] {
    numberedCheckpoints().filter { name in
      guard let label = CheckpointLabel(checkpoints + "/" + name) else { return false }
      return jobs.contains(label.job) && checkpoint(step: label.step).hasSuffix("/" + name)
    }
  }

  private func remove(_ name: String) throws {
    let file = checkpoints + "/" + name
    guard calls.unlink(file) == 0 || errno == ENOENT else {
      throw FileSystemError("remove", file, code: errno)
    }
  }
}
