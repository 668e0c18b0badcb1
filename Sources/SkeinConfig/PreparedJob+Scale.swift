import SkeinData

extension PreparedJob {
  /// What is odd about `data.scale` for the samples of `split`; nil where it fits. O(elements).
  public func scaleHint(_ split: Split) -> String? {
    split.range.flatMap {
      ScaleHint.text(
        type: split.elementType, least: Double($0.lowerBound), greatest: Double($0.upperBound),
        scale: Double(job.data.scale))
    }
  }

  /// The same from the first shard of the training split alone, which must be sound.
  ///
  /// - Throws: `DataError` for a shard with a fault, `FileSystemError` where it cannot be read.
  public func scaleHint() throws -> String? {
    switch dataset {
    case .folder(let folder): try scaleHint(folder.loadFirstShard(of: job.data.train))
    case .synthetic:
      ScaleHint.text(type: .uint8, least: 0, greatest: 255, scale: Double(job.data.scale))
    }
  }
}
