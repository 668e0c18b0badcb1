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
  /// Each piece writes a whole gradient and multiplies smaller matrices, so pieces are worth it
  /// only where they have rows enough and work enough: at least 16 rows, and half a million
  /// multiply-adds, about 50 µs of one core; at most 8.
  ///
  /// - Parameter multiplyAdds: of one sample's forward pass; the backward pass takes twice that.
  public static func automatic(batchSize: Int, multiplyAdds: Double) -> BatchShards {
    let work = 3 * multiplyAdds * Double(batchSize)
    var count = 1
    while count < 8, batchSize / (2 * count) >= 16, work / Double(2 * count) >= 500_000 {
      count *= 2
    }
    return BatchShards(count: count)
  }
}
