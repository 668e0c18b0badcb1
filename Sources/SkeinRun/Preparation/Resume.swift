import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinKernels

extension Job {
  /// The SHA-256, in hexadecimal, over every key that a run's bits or files depend on.
  public var fingerprint: String { RunIdentity.digest(essence) }
}

extension PreparedJob {
  /// What the bits of this job's runs depend on.
  public var identity: RunIdentity {
    RunIdentity(
      job: job.fingerprint, dataset: dataset.identity, batchShards: shards.count,
      kernels: Kernels.numerics)
  }

  /// Prepares the folder `run` for training: begins a run in it, or resumes the run that it holds.
  ///
  /// - Parameters:
  ///   - run: the folder, whose lock the caller holds.
  ///   - allowingChanges: whether to resume a run whose job or dataset has changed.
  ///   - warn: gets a line for each damaged checkpoint that was skipped or repaired, for each
  ///     damaged line of the metrics, and for each change.
  /// - Returns: the checkpoint to continue from; nil to start from the beginning.
  /// - Throws: `ChangedRunError`, `FormatError`, `FileSystemError`, `JobErrors` for a damaged
  ///   `job.yaml` in the folder.
  package func open(
    _ run: RunFolder, allowingChanges: Bool, warn: (String) -> Void
  ) throws -> Checkpoint? {
    guard run.holdsRun else {
      // The job is written first, because a folder with files of a run and without a job belongs to
      // nobody.
      try run.write(job: job.yaml)
      try run.rewind(to: nil)
      return nil
    }
    // A changed key explains more than a tensor whose shape does not fit.
    let old = try Job.load(path: run.jobFile).job
    var changes = job.changes(from: old)
    if let data = try? run.data() {
      // The samples and the classes decide the widths of the first and the last layer.
      let inputs = data.sampleSize ?? 0
      if inputs != network.inputs {
        changes.append("elements of a sample: \(inputs) → \(network.inputs)")
      }
      switch (data.target, objective.target) {
      case (let old, let new) where old == new: break
      case (.classes(let old), .classes(let new)): changes.append("classes: \(old) → \(new)")
      case (let old, let new): changes.append("targets: \(old.text) → \(new.text)")
      }
    }
    let layers = ["model.hidden:", "elements of a sample:", "classes:", "targets:"]
    if changes.contains(where: { change in layers.contains { change.hasPrefix($0) } }) {
      throw ChangedRunError(folder: run.path, changes: changes, canGoOn: false)
    }
    var checkpoint = try run.newestCheckpoint(network, warn: warn)
    if let checkpoint {
      changes += differences(from: checkpoint.identity, isListed: !changes.isEmpty)
    }
    if let checkpoint, checkpoint.identity.kernels == nil {
      warn(
        "an older version began this run, whose sums have other last bits: it goes on, and ends in "
          + "other bits than a run from the beginning")
    }
    if !changes.isEmpty {
      guard allowingChanges else { throw ChangedRunError(folder: run.path, changes: changes) }
      changes.forEach { warn("changed: \($0)") }
    }
    if let checkpoint { try run.restoreCopies(of: checkpoint, network, warn: warn) }
    try run.rewind(to: checkpoint, of: [job.fingerprint, old.fingerprint], warn: warn)
    if checkpoint != nil {
      try run.restoreBest(by: old.checkpoint.best, network, warn: warn)
    }
    if old.checkpoint.best != job.checkpoint.best {
      // The best epoch so far must compete by the new metric.
      checkpoint?.best = try run.bestEpoch(by: old.checkpoint.best).map(job.checkpoint.best.score)
    }
    try run.write(job: job.yaml)
    return checkpoint
  }

  /// Writes the `RunData` of the training split `train` into `run`, unless the folder holds it
  /// already. O(elements).
  ///
  /// - Parameters:
  ///   - train: the training split.
  ///   - run: the run's folder.
  ///   - warn: gets a line for a damaged file, which is replaced.
  /// - Returns: what the folder holds now.
  /// - Throws: `FileSystemError`.
  package func writeData(
    of train: Split, in run: RunFolder, warn: (String) -> Void
  ) throws -> RunData {
    do {
      if let known = try run.data(), known.isSameDataset(as: data) { return known }
    } catch {
      warn("\(run.dataFile.printable()) was damaged: written again")
    }
    let data = data(of: train)
    try run.write(data)
    return data
  }

  /// The `RunData` of this job for the training split `train`, with the range of its elements.
  /// O(elements).
  func data(of train: Split) -> RunData {
    var data = self.data
    let range = train.range
    (data.least, data.greatest) = (range?.lowerBound, range?.upperBound)
    return data
  }

  /// The `RunData` of this job, without the range of the elements.
  public var data: RunData {
    RunData(dataset.manifest, identity: dataset.identity, scale: job.data.scale)
  }

  /// What differs between this job and a run of identity `old`, a line each.
  private func differences(from old: RunIdentity, isListed: Bool) -> [String] {
    var changes: [String] = []
    if old.job != identity.job, !isListed {
      changes.append("job.yaml: not the job that the checkpoint is from")
    }
    if old.dataset != identity.dataset {
      changes.append(
        "dataset: \(old.dataset.prefix(12))… → \(identity.dataset.prefix(12))… (SHA-256)")
    }
    if old.batchShards != identity.batchShards {
      changes.append(
        "batch shards: \(old.batchShards) → \(identity.batchShards); a job that has "
          + "parallel.batchShards \(old.batchShards) adds up as before")
    }
    if let before = old.kernels, let now = identity.kernels, before != now {
      changes.append("kernels: \(before) → \(now), whose sums have other last bits")
    }
    return changes
  }
}

extension TargetKind {
  /// "3 classes", or "2 values".
  fileprivate var text: String {
    switch self {
    case .classes(let count): counted(count, "class", "classes")
    case .values(let count): counted(count, "value")
    }
  }
}

/// A run would be resumed with another job or another dataset. The command line ends with exit code
/// 6.
public struct ChangedRunError: ExitCoded, Sendable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 6 }

  let folder: String
  /// What changed, one line each.
  public let changes: [String]
  /// Whether the run's weights fit the job nevertheless.
  var canGoOn = true

  /// What changed, and what to do. Several lines.
  public var description: String {
    "\(folder.printable()): this run began otherwise:\n"
      + changes.map { "  \($0.printable(limit: 500))\n" }.joined()
      + (canGoOn
        ? "add --allow-changes (in a program: allowingChanges: true) to go on all the same, or "
          + "choose another folder (--run)"
        : "its weights fit no other layers: choose another folder (--run)")
  }
}
