import SkeinFiles

/// The rule that cuts a batch into batch shards: contiguous runs of samples, whose numbers differ
/// by at most one.
///
/// The number of batch shards comes from the job and never from the machine, because sums of Floats
/// depend on their order: with a fixed cut and a fixed reducer tree, every thread count gives the
/// same bits.
public struct BatchShards: Sendable, Equatable {
  /// How many batch shards a batch has; a batch of fewer samples has one for each sample.
  public let count: Int

  /// - Precondition: `count` is positive.
  public init(count: Int) {
    require(count > 0, "\(count) batch shards")
    self.count = count
  }

  /// The number of batch shards with samples, of a batch of `samples`.
  public func count(of samples: Int) -> Int { min(count, samples) }

  /// The samples of batch shard `index` of a batch of `samples`; the first ones are the larger
  /// ones.
  public func range(_ index: Int, of samples: Int) -> Range<Int> {
    let (size, larger) = samples.quotientAndRemainder(dividingBy: count)
    let start = index * size + min(index, larger)
    return start..<(start + size + (index < larger ? 1 : 0))
  }

  /// The batch shards that `range` of a batch of `samples` lies in, as messages name them.
  func name(of range: Range<Int>, in samples: Int) -> String {
    let count = count(of: samples)
    let touched = (0..<count).filter { self.range($0, of: samples).overlaps(range) }
    guard let first = touched.first, let last = touched.last, first < last else {
      return "batch shard \((touched.first ?? 0) + 1) of \(count)"
    }
    return "batch shards \(first + 1) to \(last + 1) of \(count)"
  }

  /// A number of batch shards that feeds a few workers without costing one worker much.
  ///
  /// Each one reads all weights anew and multiplies smaller matrices. So they are worth it only
  /// where they have rows and work enough: at least 16 rows and half a million multiply-adds, about
  /// 10 µs of one core; and where the weights are larger than a core's cache, 256 rows, or so few
  /// batch shards that all of them together read 4 MiB of weights. At most 8. Measured on one Zen 5
  /// core, thousand samples/s with 1 / 2 / 4 / 8 batch shards, the rule's choice in brackets:
  ///
  ///     784-16-16-10, batches of 32         2516 / [2442] / 2048
  ///     784-256-128-10, batches of 128      222 / 218 / [212] / 190
  ///     784-2048-2048-10, batches of 1024   7.3 / 7.2 / [7.0] / 6.5
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
