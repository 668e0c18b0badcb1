import SkeinData
import SkeinFiles
import SkeinWorkers

/// What a job may not be meant to do, in words.
extension PreparedJob {
  /// Which setting would use the cores, or the threads that were asked for, that the job's batch
  /// shards leave idle; nil where none are.
  public var idleCoresHint: String? {
    let cores = min(Machine.availableCores, DispatchScheduler.maximumThreads)
    let wanted = choosesThreads ? cores : threads
    guard shards.count < wanted else { return nil }
    let idle = wanted - shards.count
    let who =
      choosesThreads
      ? counted(idle, "core") + " of \(wanted)" : counted(idle, "thread") + " of \(wanted)"
    return "\(who) will mostly wait, as \(counted(shards.count, "batch shard")) cannot be shared "
      + "by more; parallel.batchShards=\(wanted) would use all, and give other bits"
  }

  /// That the classes look like quantities; nil where they do not, and for samples that are drawn.
  public var quantitiesHint: String? {
    guard case .folder(let folder) = dataset else { return nil }
    return ClassHint.quantities(
      samples: folder.manifest.count(of: job.data.train) ?? 0, names: folder.manifest.classes)
  }

  /// That the squared error, which elsewhere means regression, is one of classes here; nil for
  /// other losses.
  public var lossHint: String? {
    guard job.loss == .meanSquaredError else { return nil }
    return
      "loss \(job.loss.rawValue) compares the outputs with one-hot classes, 1 for the right one "
      + "and 0 for the others: the network learns classes, not quantities"
  }

  /// What is odd about `data.scale` for the first shard of the training split, which must be sound;
  /// nil where it fits. Training asks the same of all samples: see `record`.
  ///
  /// - Throws: `DataError` for a shard with a fault, `FileSystemError` where it cannot be read.
  public func scaleHint() throws -> String? {
    switch dataset {
    case .folder(let folder): try data(of: folder.loadFirstShard(of: job.data.train)).scaleHint
    case .arrays(let arrays): data(of: arrays.train).scaleHint
    case .synthetic:
      ScaleHint.text(type: .uint8, least: 0, greatest: 255, scale: Double(job.data.scale))
    }
  }
}
