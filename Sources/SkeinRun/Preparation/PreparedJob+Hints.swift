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

  /// A text where the classes look like quantities; nil elsewhere, and for samples that are in no
  /// folder.
  public var quantitiesHint: String? {
    guard case .folder(let folder) = dataset else { return nil }
    return ClassHint.quantities(
      samples: folder.manifest.count(of: job.data.train) ?? 0, names: folder.manifest.classes)
  }

  /// A text where the loss is the squared error; nil for other losses. This loss usually means
  /// regression, and here it compares the outputs with one-hot classes.
  public var lossHint: String? {
    guard job.loss == .meanSquaredError else { return nil }
    return
      "loss \(job.loss.rawValue) compares the outputs with one-hot classes, 1 for the right one "
      + "and 0 for the others: the network learns classes, not quantities"
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
