import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinKernels

extension Job {
  /// The SHA-256, in hexadecimal, over every key that a run's bits or files depend on.
  public var fingerprint: String { RunIdentity.digest(essence) }
}

extension PreparedJob {
  /// What a run of this job depends on.
  public var identity: RunIdentity {
    RunIdentity(
      job: job.fingerprint, dataset: dataset.identity, batchShards: shards.count,
      kernels: Kernels.level)
  }

  /// Makes `run` ready for training: begins it, or goes on with what it holds.
  ///
  /// - Parameters:
  ///   - allowingChanges: whether to go on with a job or a dataset that is not the run's.
  ///   - warn: gets a line for each damaged checkpoint that was passed over or made good, and for
  ///     each change.
  /// - Returns: the checkpoint to go on from; nil to start from the beginning.
  /// - Throws: `ChangedRunError`, `FormatError`, `FileSystemError`, `JobErrors` for a damaged
  ///   `job.yaml` in the folder.
  public func open(
    _ run: RunFolder, allowingChanges: Bool, warn: (String) -> Void
  ) throws -> Checkpoint? {
    guard run.holdsRun else {
      // The job comes first: a folder with files of a run and no job is nobody's.
      try run.write(job: job.yaml)
      try run.rewind(to: nil)
      return nil
    }
    // Keys say more than the shapes of tensors that do not fit.
    let old = try Job.load(path: run.jobFile).job
    var changes = job.changes(from: old)
    if let data = try? run.data() {
      // Layers fit samples and classes.
      let (inputs, classes) = (data.sampleSize ?? 0, data.classes.count)
      if inputs != network.inputs {
        changes.append("elements of a sample: \(inputs) → \(network.inputs)")
      }
      if classes != network.outputs {
        changes.append("classes: \(classes) → \(network.outputs)")
      }
    }
    let layers = ["model.hidden:", "elements of a sample:", "classes:"]
    if changes.contains(where: { change in layers.contains { change.hasPrefix($0) } }) {
      throw ChangedRunError(folder: run.path, changes: changes, canGoOn: false)
    }
    var checkpoint = try run.newestCheckpoint(network, warn: warn)
    if let checkpoint {
      changes += differences(from: checkpoint.identity, isListed: !changes.isEmpty)
    }
    if !changes.isEmpty {
      guard allowingChanges else { throw ChangedRunError(folder: run.path, changes: changes) }
      changes.forEach { warn("changed: \($0)") }
    }
    if let checkpoint { try run.restoreCopies(of: checkpoint, network, warn: warn) }
    try run.rewind(to: checkpoint, of: [job.fingerprint, old.fingerprint])
    if checkpoint != nil {
      try run.restoreBest(by: old.checkpoint.best, network, warn: warn)
    }
    if old.checkpoint.best != job.checkpoint.best {
      // The best epoch so far competes by the new number.
      checkpoint?.best = try run.bestEpoch(by: old.checkpoint.best).map(job.checkpoint.best.score)
    }
    try run.write(job: job.yaml)
    return checkpoint
  }

  /// Writes what `run` knows of its samples, unless it knows it already.
  ///
  /// - Parameters:
  ///   - train: the training split.
  ///   - warn: gets a line for a damaged file, which is replaced.
  /// - Returns: what the run knows.
  /// - Throws: `FileSystemError`.
  public func record(
    _ train: Split, in run: RunFolder, warn: (String) -> Void
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

  /// What a run of this job knows of its samples, if `train` are those that it trains on.
  /// O(elements).
  func data(of train: Split) -> RunData {
    var data = self.data
    let range = train.range
    (data.least, data.greatest) = (range?.lowerBound, range?.upperBound)
    return data
  }

  /// What a run of this job knows of its samples, but for their range.
  public var data: RunData {
    RunData(dataset.manifest, identity: dataset.identity, scale: job.data.scale)
  }

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
      changes.append("batch shards: \(old.batchShards) → \(identity.batchShards)")
    }
    if let before = old.kernels, let now = identity.kernels, before != now {
      changes.append("kernels: \(before) → \(now), whose sums have other last bits")
    }
    return changes
  }
}

/// A run would go on with another job or another dataset; the command line ends with exit code 6.
public struct ChangedRunError: Error, Sendable, CustomStringConvertible {
  public static let exitCode: Int32 = 6

  let folder: String
  /// What changed, a line each.
  public let changes: [String]
  /// Whether its weights fit the job all the same.
  var canGoOn = true

  public var description: String {
    "\(folder.printable()): this run began otherwise:\n"
      + changes.map { "  \($0.printable(limit: 500))\n" }.joined()
      + (canGoOn
        ? "add --allow-changes to go on all the same, or choose another folder with --run"
        : "its weights fit no other layers: choose another folder with --run")
  }
}
