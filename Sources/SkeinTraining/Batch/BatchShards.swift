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

  /// What a job that asks for no number gets: one batch shard.
  ///
  /// Slices keep any number of workers busy without cutting a sum. So a job needs several batch
  /// shards only where several processes divide them, and no machine is faster for them. Measured
  /// on one Zen 4 core, the speed of 2 / 4 / 8 batch shards against one:
  ///
  ///     784-16-16-10, batches of 32         0.951 / 0.860 / 0.725
  ///     784-256-128-10, batches of 128      0.977 / 0.936 / 0.895
  ///     784-2048-2048-10, batches of 1024   0.968 / 0.963 / 0.929
  public static let automatic = BatchShards(count: 1)
}
