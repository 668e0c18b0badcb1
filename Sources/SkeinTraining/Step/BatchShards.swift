/// The rule that cuts a batch into batch shards: contiguous pieces whose sizes differ by at most one.
///
/// The number of pieces comes from the job and never from the machine, because sums of Floats
/// depend on their order: with a fixed cut and a fixed reducer tree, every thread count gives the
/// same bits.
public struct BatchShards: Sendable, Equatable {
  /// How many pieces a batch has; a batch of fewer samples has one piece per sample.
  public let count: Int

  /// - Precondition: `count` is positive.
  public init(count: Int) {
    precondition(count > 0, "\(count) batch shards")
    self.count = count
  }

  /// The number of non-empty pieces of a batch of `samples`.
  public func count(of samples: Int) -> Int { min(count, samples) }

  /// The samples of piece `index` of a batch of `samples`; the first pieces are the larger ones.
  public func range(_ index: Int, of samples: Int) -> Range<Int> {
    let (size, larger) = samples.quotientAndRemainder(dividingBy: count)
    let start = index * size + min(index, larger)
    return start..<(start + size + (index < larger ? 1 : 0))
  }

  /// A number of pieces that feeds a few workers without costing one worker much.
  ///
  /// Each piece writes a whole gradient, which the reducer reads again, and multiplies smaller
  /// matrices. So pieces are worth it only where they have rows and work enough: at least 16 rows
  /// and half a million multiply-adds, about 10 µs of one core. Gradients that together outgrow a
  /// core's cache of 4 MiB cost main memory's speed, which only pieces of 256 rows make up for. At
  /// most 8.
  ///
  /// - Parameters:
  ///   - batchSize: samples of a batch.
  ///   - parameters: of the model; a sample's forward pass has about as many multiply-adds, and the
  ///     backward pass twice that.
  public static func automatic(batchSize: Int, parameters: Double) -> BatchShards {
    var count = 1
    while count < 8 {
      let next = 2 * count
      let rows = batchSize / next
      let isWorth = rows >= 16 && 3 * parameters * Double(rows) >= 500_000
      let fits = rows >= 256 || 4 * parameters * Double(next) <= 4 * 1_048_576
      guard isWorth && fits else { break }
      count = next
    }
    return BatchShards(count: count)
  }
}
