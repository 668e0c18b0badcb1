import SkeinRandom

/// The order in which one epoch uses the samples, cut into batches.
///
/// A pure function of the generator's state: one `permutation` per epoch, as `torch.randperm`.
///
/// `@unchecked Sendable`: nothing writes its memory once it exists.
public final class EpochOrder: @unchecked Sendable {
  /// Every sample's row number once.
  public let rows: UnsafeBufferPointer<Int32>
  /// Samples of a batch, > 0; the last batch may have fewer.
  public let batchSize: Int
  /// How many batches the epoch has.
  public let batchCount: Int

  /// Draws the order of `count` samples. O(`count`), 4 bytes each.
  ///
  /// - Parameter dropLast: whether a last batch smaller than the others is left out.
  /// - Precondition: `batchSize` is positive.
  public init(
    count: Int, batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
  ) {
    precondition(batchSize > 0, "batches of \(batchSize) samples")
    let memory = UnsafeMutableBufferPointer<Int32>.allocate(capacity: count)
    _ = memory.initialize(fromContentsOf: generator.permutation(count))
    rows = UnsafeBufferPointer(memory)
    self.batchSize = batchSize
    batchCount = Self.batchCount(of: count, batchSize: batchSize, dropLast: dropLast)
  }

  deinit { rows.deallocate() }

  /// How many batches `count` samples give.
  public static func batchCount(of count: Int, batchSize: Int, dropLast: Bool) -> Int {
    let full = count / batchSize
    return dropLast || count % batchSize == 0 ? full : full + 1
  }

  /// The rows of batch `index`, and those of the batch behind it; valid as long as the order is.
  ///
  /// - Precondition: `0 ≤ index < batchCount`.
  public func batch(_ index: Int) -> BatchRows {
    precondition(index >= 0 && index < batchCount, "batch \(index) of \(batchCount)")
    let isLast = index + 1 == batchCount
    return BatchRows(
      UnsafeBufferPointer(rebasing: rows[range(index)]),
      next: UnsafeBufferPointer(rebasing: rows[isLast ? 0..<0 : range(index + 1)]))
  }

  private func range(_ index: Int) -> Range<Int> {
    let start = index * batchSize
    return start..<(start + min(batchSize, rows.count - start))
  }
}
