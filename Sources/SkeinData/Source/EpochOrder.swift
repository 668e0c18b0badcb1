import SkeinFiles
import SkeinRandom

/// The order in which one epoch uses the samples, cut into batches.
///
/// A pure function of the generator's state: a source's own order, or one `permutation` per epoch,
/// as `torch.randperm`.
///
/// `@unchecked Sendable`: nothing writes its memory once it exists.
public final class EpochOrder: @unchecked Sendable {
  /// The row numbers in their order. They stay as long as the order does.
  package let numbers: UnsafeBufferPointer<Int32>
  /// Samples of a batch, > 0; the last batch may have fewer.
  public let batchSize: Int
  /// How many batches the epoch has.
  public let batchCount: Int

  /// Draws the order of `count` samples: each of them once. O(`count`), 4 bytes each.
  ///
  /// - Parameter dropLast: whether a last batch smaller than the others is left out.
  /// - Precondition: `batchSize` is positive.
  public convenience init(
    count: Int, batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
  ) {
    self.init(generator.permutation(count), batchSize: batchSize, dropLast: dropLast)
  }

  /// The order in which `rows` stand: some samples may come more than once, and others not at all.
  /// For sources with an order of their own. O(rows), 4 bytes each.
  ///
  /// - Parameter dropLast: whether a last batch smaller than the others is left out.
  /// - Precondition: `batchSize` is positive, and each row is one of the source's.
  public init(_ rows: [Int32], batchSize: Int, dropLast: Bool) {
    require(batchSize > 0, "batches of \(batchSize) samples")
    let memory = UnsafeMutableBufferPointer<Int32>.allocate(capacity: rows.count)
    _ = memory.initialize(fromContentsOf: rows)
    numbers = UnsafeBufferPointer(memory)
    self.batchSize = batchSize
    batchCount = Self.batchCount(of: rows.count, batchSize: batchSize, dropLast: dropLast)
  }

  deinit { numbers.deallocate() }

  /// The row numbers in their order: a copy. O(rows).
  public var rows: [Int32] { Array(numbers) }

  /// How many batches `count` samples give.
  public static func batchCount(of count: Int, batchSize: Int, dropLast: Bool) -> Int {
    let full = count / batchSize
    return dropLast || count % batchSize == 0 ? full : full + 1
  }

  /// How many samples the first `batches` batches have.
  ///
  /// - Precondition: `0 ≤ batches ≤ batchCount`.
  package func sampleCount(ofFirst batches: Int) -> Int {
    require(batches >= 0 && batches <= batchCount, "\(batches) batches of \(batchCount)")
    return min(batches * batchSize, numbers.count)
  }

  /// The rows of batch `index`, and those of the batch behind it. Hold the order for as long as
  /// they are used (`withExtendedLifetime`).
  ///
  /// - Precondition: `0 ≤ index < batchCount`.
  package func batch(_ index: Int) -> BatchRows {
    require(index >= 0 && index < batchCount, "batch \(index) of \(batchCount)")
    let isLast = index + 1 == batchCount
    return BatchRows(
      UnsafeBufferPointer(rebasing: numbers[range(index)]),
      next: UnsafeBufferPointer(rebasing: numbers[isLast ? 0..<0 : range(index + 1)]))
  }

  private func range(_ index: Int) -> Range<Int> {
    let start = index * batchSize
    return start..<(start + min(batchSize, numbers.count - start))
  }
}
