import SkeinRandom

/// The order in which one epoch uses the samples, cut into batches.
///
/// A pure function of the generator's state: one `permutation` per epoch, as `torch.randperm`.
public struct EpochOrder: Sendable {
  /// Every sample's row number once.
  public let rows: [Int32]
  public let batchSize: Int
  /// How many batches the epoch has.
  public let batchCount: Int

  /// Draws the order of `count` samples.
  ///
  /// - Parameter dropLast: whether a last batch smaller than the others is left out.
  /// - Precondition: `batchSize` is positive.
  public init(
    count: Int, batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
  ) {
    precondition(batchSize > 0, "batches of \(batchSize) samples")
    rows = generator.permutation(count)
    self.batchSize = batchSize
    batchCount = Self.batchCount(of: count, batchSize: batchSize, dropLast: dropLast)
  }

  /// How many batches `count` samples give.
  public static func batchCount(of count: Int, batchSize: Int, dropLast: Bool) -> Int {
    let full = count / batchSize
    return dropLast || count % batchSize == 0 ? full : full + 1
  }

  /// The places in `rows` of batch `index`.
  ///
  /// - Precondition: `0 ≤ index < batchCount`.
  public func batch(_ index: Int) -> Range<Int> {
    precondition(index >= 0 && index < batchCount, "batch \(index) of \(batchCount)")
    let start = index * batchSize
    return start..<(start + min(batchSize, rows.count - start))
  }
}
