import SkeinFiles

extension DatasetFolder {
  /// Loads a split into memory and checks all of it: presence, size, SHA-256, frame, magic, type,
  /// dimensions, images = labels, label < classes, values and weights that are finite.
  ///
  /// Shards are decoded by up to `threads` threads, each straight into its place in the split's one
  /// buffer: memory is that buffer, 4 bytes per label or value, and a decoder's window per thread.
  ///
  /// - Parameters:
  ///   - isCancelled: asked before each shard, from any thread.
  ///   - report: gets how many shards are loaded, and how many there are, after each.
  /// - Precondition: `threads` ≥ 1.
  /// - Throws: `DataError` with the faults of all shards, `FileSystemError` where reading failed or
  ///   memory is short, `CancellationError` once cancelled.
  public func load(
    _ split: String, threads: Int, isCancelled: @Sendable () -> Bool = { false },
    report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Split {
    try load(
      split, threads: threads, checksHashes: true, isCancelled: isCancelled, report: report)
  }

  /// Loads the first shard of a split as `load` does, to look at a part of its samples.
  ///
  /// - Throws: what `load` throws.
  public func loadFirstShard(of split: String) throws -> Split {
    try load(split, atMost: 1, threads: 1, checksHashes: true)
  }

  /// - Parameters:
  ///   - limit: how many of the split's shards are loaded, from the first on.
  ///   - cores: how many threads may decode or hash, where that is more than `threads`.
  func load(
    _ split: String, atMost limit: Int = .max, threads: Int, checksHashes: Bool,
    cores: Int = ShardThreads.cores, isCancelled: @Sendable () -> Bool = { false },
    report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Split {
    let shards = Array(try shards(of: split).prefix(limit))
    let threads = ShardThreads(threads, shards: shards.count, cores: cores)
    let folder = try Folder(path: path)
    let readers = shards.map {
      ShardReader(folder: folder, manifest: manifest, shard: $0, checksHashes: checksHashes)
    }
    // Sizes on disk bound what the manifest may make us allocate. Where a file is amiss, the
    // others are still checked, without keeping what they hold.
    guard try readers.allSatisfy({ try $0.presence().isEmpty }) else {
      let outcomes = try threads.forEach(shards, isCancelled: isCancelled) {
        try readers[$0].read(samples: nil, targets: nil, in: $1)
      }
      throw DataError(outcomes.joined().flatMap(\.faults))
    }
    let count = shards.reduce(0) { $0 + $1.count }
    let sampleBytes = ArrayShape.product(manifest.sample.shape + [manifest.sample.type.size])
    guard let sampleBytes, let bytes = ArrayShape.product([count, sampleBytes]) else {
      throw DataError(
        "\(path)/\(Manifest.fileName)", at: "splits.\(split)",
        expected: "samples whose bytes can be counted", found: "\(count) samples")
    }
    let storage = try SampleStorage(
      type: manifest.sample.type, byteCount: bytes, name: "\(path)/\(Manifest.fileName)")
    let starts = shards.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }

    let counter = ShardCounter(total: readers.count, report)
    let width = manifest.target.outputs
    /// Decodes all shards, each into its place in `storage` and in `room`.
    func decode(into room: TargetMemory) throws -> SplitOrigin {
      // Each shard writes its own rows, so that the threads share these pointers but no byte.
      nonisolated(unsafe) let room = room
      let outcomes = try threads.forEach(shards, isCancelled: isCancelled) { index, workspace in
        let rows = starts[index]..<starts[index + 1]
        let slice = (rows.lowerBound * sampleBytes)..<(rows.upperBound * sampleBytes)
        defer { counter.count() }
        return try readers[index].read(
          samples: UnsafeMutableRawBufferPointer(rebasing: storage.bytes[slice]),
          targets: room.part(rows, outputs: width), in: workspace)
      }
      let faults = outcomes.joined().flatMap(\.faults)
      guard faults.isEmpty else { throw DataError(faults) }
      return SplitOrigin(
        folder: path,
        files: zip(shards.flatMap(\.files), outcomes.joined()).compactMap { entry, outcome in
          outcome.stamp.map { SplitOrigin.File(entry: entry, stamp: $0) }
        })
    }
    var weights = [Float](repeating: 1, count: manifest.hasWeights(split) ? count : 0)
    let (targets, origin) = try weights.withUnsafeMutableBufferPointer {
      weights -> (SplitTargets, SplitOrigin) in
      let room = weights.isEmpty ? nil : weights
      return try self.targets(count) { try decode(into: TargetMemory($0, weights: room)) }
    }
    return Split(
      name: split, sampleShape: manifest.sample.shape, storage: storage, targets: targets,
      weights: weights.isEmpty ? nil : weights, origin: origin)
  }

  /// The targets of `count` samples, which `decode` writes into the room that it is given.
  private func targets(
    _ count: Int, _ decode: (TargetMemory.Kind) throws -> SplitOrigin
  ) throws -> (SplitTargets, SplitOrigin) {
    let file = "\(path)/\(Manifest.fileName)"
    guard let values = manifest.targets?.values else {
      var origin = SplitOrigin(folder: path, files: [])
      let labels = try [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
        buffer.initialize(repeating: 0)
        initialized = count
        origin = try decode(.labels(buffer))
      }
      return (.labels(labels, classes: manifest.classes.count), origin)
    }
    guard let bytes = ArrayShape.product([count, values.count, 4]) else {
      throw DataError(
        file, at: "targets", expected: "values whose bytes can be counted",
        found: "\(values.count) for each of \(count) samples")
    }
    let storage = try SampleStorage(type: .float32, byteCount: bytes, name: file)
    let origin = try decode(.values(storage.floats))
    return (.values(storage, values), origin)
  }

  /// What `verify` found in one shard file.
  public struct FileReport: Sendable {
    /// The split that the file belongs to.
    public let split: String
    /// Its name in the manifest.
    public let file: String
    /// Everything that is wrong with it; empty for a sound file.
    public let faults: [DataFault]
  }

  /// Checks every shard file of every split as `load` does, without keeping any. Memory: a
  /// decoder's window per thread.
  ///
  /// - Parameter report: gets how many shards are checked, and how many there are, after each.
  /// - Precondition: `threads` ≥ 1.
  /// - Returns: One report per shard file, in the order of the manifest.
  /// - Throws: `FileSystemError` where reading failed.
  public func verify(
    threads: Int, report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> [FileReport] {
    let folder = try Folder(path: path)
    let counter = ShardCounter(
      total: manifest.splits.values.reduce(0) { $0 + $1.count }, report)
    return try manifest.splitNames.flatMap { split in
      let shards = try shards(of: split)
      let readers = shards.map { ShardReader(folder: folder, manifest: manifest, shard: $0) }
      let outcomes = try ShardThreads(threads, shards: shards.count)
        .forEach(shards, isCancelled: { false }) {
          defer { counter.count() }
          return try readers[$0].read(samples: nil, targets: nil, in: $1)
        }
      return outcomes.joined().map {
        FileReport(split: split, file: $0.file, faults: $0.faults)
      }
    }
  }
}
