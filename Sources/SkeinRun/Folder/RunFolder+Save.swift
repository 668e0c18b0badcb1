import Foundation
import SkeinFiles
import SkeinModel
import SkeinTraining

extension RunFolder {
  /// Writes a checkpoint's `bytes`, and then removes the numbered checkpoints beyond the newest
  /// `keep`.
  ///
  /// First the metrics of the epochs before are flushed to the disk. Then the checkpoint is written
  /// as `step-N`, as `best` if it is the best one, and at the very end as `last`, from which a
  /// resumed run continues. At every instant each name stands for the old checkpoint or the new
  /// one. `best` is a hard link to `step-N`. `last` is a second copy, so that one bad block cannot
  /// damage both.
  ///
  /// - Parameter jobs: the digests of the run's jobs. Only their checkpoints are removed.
  /// - Throws: `FileSystemError`.
  func save(_ bytes: [UInt8], step: Int, isBest: Bool, keep: Int, of jobs: Set<String>) throws {
    try LogFile.flush(metricsFile, through: calls)
    let numbered = checkpoint(step: step)
    try AtomicFile.write([bytes], to: numbered, through: calls)
    if isBest { try AtomicFile.link(numbered, as: best, content: bytes, through: calls) }
    try AtomicFile.write([bytes], to: last, through: calls)
    for name in ownCheckpoints(of: jobs).dropLast(keep) { try remove(name) }
  }

  /// Removes what a stopped run may have left: its own numbered checkpoints from after `step`, and
  /// its temporary files.
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

  /// Repairs both copies of `checkpoint`, the numbered one and `last`. It also repairs `best` where
  /// that is the same file as the numbered one.
  ///
  /// A bad block damages one copy, and the other one still has the bytes.
  ///
  /// - Parameter warn: gets a line for each file that was written again.
  /// - Throws: `FileSystemError`.
  package func restoreCopies(
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
    // In runs of the first edition both are names of one file, which one bad block damages.
    guard isDamaged || FolderListing.areOneFile(numbered, last) else { return }
    try AtomicFile.write([bytes], to: last, through: calls)
    if isDamaged { warn("\(last.printable()) was missing or damaged: written again") }
  }

  /// Repairs the best checkpoint from the numbered one of its epoch, and warns where that one is
  /// gone.
  ///
  /// - Parameters:
  ///   - metric: what the best epoch is chosen by.
  ///   - warn: gets a line where the best checkpoint was missing or damaged.
  /// - Throws: `FileSystemError`, `FormatError` for metrics that cannot be read.
  package func restoreBest(
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

  /// The names of the numbered checkpoints, oldest first, whichever run wrote them.
  func numberedCheckpoints() -> [String] {
    let names = (try? FolderListing.names(in: checkpoints)) ?? []
    return names.filter { $0.hasPrefix("step-") && Self.isOwn($0, in: "checkpoints") }
  }

  /// The names of those numbered checkpoints that runs of `jobs` wrote, oldest first. A file under
  /// the name of another step does not count.
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
