import SkeinData
import SkeinFiles
import SkeinTraining
import SkeinWorkers

/// Hints about settings that the user may not have intended.
extension PreparedJob {
  /// A text where more threads were asked for than work; nil elsewhere.
  public var idleThreadsHint: String? {
    guard let askedThreads, askedThreads > threads else { return nil }
    let limit = threads < Machine.availableCores ? "PU of parallel.pin" : "core"
    return "\(counted(askedThreads, "thread")) asked for, at most \(threads) at work: one per "
      + "\(limit), with the same bits"
  }

  /// A text where a batch has too few samples for all cores, or for all threads that may work, so
  /// that some stay idle; nil elsewhere.
  public var idleCoresHint: String? {
    let cores = min(Machine.availableCores, DispatchScheduler.maximumThreads)
    let wanted = askedThreads == nil ? cores : threads
    let busy = BatchSlices.most(of: largestBatch, work: network.trainingMultiplyAdds)
    guard busy < wanted else { return nil }
    let idle = counted(wanted - busy, askedThreads == nil ? "core" : "thread")
    return "\(idle) of \(wanted) will mostly wait, as a batch of "
      + "\(counted(largestBatch, "sample")) has work for \(busy): a larger training.batchSize "
      + "would use more"
  }

  /// The loss that a schedule and an early stop look at where the job names no number.
  public var watchedLoss: BestMetric {
    BestMetric.loss(isEvaluated: job.data.test != nil, isValidated: holdout != nil)
  }

  /// A text where training looks at the test split: its numbers are then better than those of new
  /// samples. Nil elsewhere.
  public var watchedTestHint: String? {
    let stop = job.training.earlyStop.map { $0.metric ?? watchedLoss }
    let fall = job.schedule.kind == .plateau ? job.schedule.metric ?? watchedLoss : nil
    let watchers = [("training.earlyStop", stop), ("schedule.kind plateau", fall)]
      .filter { $0.1 == .testLoss || $0.1 == .testAccuracy }
    guard job.data.test != nil, let metric = watchers.first?.1 else { return nil }
    let names = watchers.map(\.0).joined(separator: " and ")
    return "\(names) looks at the \(metric.words), so that is no longer held out: "
      + "data.validation: 0.1 keeps training samples for this"
  }

  /// A text where the classes look like quantities; nil elsewhere, and for samples that are in no
  /// folder.
  public var quantitiesHint: String? {
    guard case .folder(let folder) = dataset else { return nil }
    return ClassHint.quantities(
      samples: folder.manifest.count(of: job.data.train) ?? 0, names: folder.manifest.classes)
  }

  /// What the loss means where that is not plain; nil for the losses of classes. The squared error
  /// usually means regression, and with classes it compares the outputs with one-hot ones.
  public var lossHint: String? {
    if let targets = objective.values { return valuesHint(targets) }
    guard job.loss?.kind == .meanSquaredError else { return nil }
    return
      "loss \(objective.name) compares the outputs with one-hot classes, 1 for the right one "
      + "and 0 for the others: the network learns classes, not quantities"
  }

  /// What is learnt of `targets`, and what the job left open.
  private func valuesHint(_ targets: ValueTargets) -> String {
    let names = targets.names.prefix(20).map { $0.printable(limit: 40) }.joined(separator: ", ")
    let more = targets.count > 20 ? ", …" : ""
    var text =
      "targets are \(counted(targets.count, "value")): \(names)\(more); loss \(objective.name)"
      + (given.loss == nil ? ", as the job leaves it out," : "") + " compares the outputs with "
      + (targets.areStandardised
        ? "them in standard deviations from their means; errors are shown in their own units"
        : "them as they are, not standardised")
    if given.checkpoint.best != job.checkpoint.best {
      text +=
        "; the best checkpoint is chosen by \(job.checkpoint.best.rawValue), as values have no "
        + "accuracy"
    }
    return text
  }

  /// Why `data.scale` does not suit the samples in the first shard file of the training split; nil
  /// where it does. When training begins, `record` checks all samples.
  ///
  /// - Throws: `DataError` for a damaged shard file, `FileSystemError` where it cannot be read.
  public func scaleHint() throws -> String? {
    switch dataset {
    case .folder(let folder): try data(of: folder.loadFirstShard(of: job.data.train)).scaleHint
    case .arrays(let arrays): data(of: arrays.train).scaleHint
    case .synthetic:
      ScaleHint.text(type: .uint8, least: 0, greatest: 255, scale: Double(job.data.scale))
    }
  }
}
