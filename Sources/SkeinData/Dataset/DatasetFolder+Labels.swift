import SkeinFiles

extension DatasetFolder {
  /// The label of each sample of a split, checked as `load` checks them; the samples' files stay
  /// unread. Memory: 4 bytes per label, and a decoder's window.
  ///
  /// - Throws: `DataError` with the faults of all files of labels, `FileSystemError` where reading
  ///   failed.
  /// - Precondition: targets are classes.
  public func labels(of split: String) throws -> [Int32] {
    require(manifest.targets == nil, "labels of values")
    let shards = try shards(of: split)
    let folder = try Folder(path: path)
    var labels = [Int32](repeating: 0, count: shards.reduce(0) { $0 + $1.count })
    let workspace = ShardWorkspace(hashesBeside: false)
    var faults: [DataFault] = []
    try labels.withUnsafeMutableBufferPointer { labels in
      var start = 0
      for shard in shards {
        let end = start + shard.count
        faults += try ShardReader(folder: folder, manifest: manifest, shard: shard)
          .readLabels(into: UnsafeMutableBufferPointer(rebasing: labels[start..<end]), workspace)
        start = end
      }
    }
    guard faults.isEmpty else { throw DataError(faults) }
    return labels
  }
}
