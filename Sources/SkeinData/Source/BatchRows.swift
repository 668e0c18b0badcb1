/// The samples of a batch, or of one batch shard, by their row numbers.
///
/// A view on memory that its owner keeps: that of an `EpochOrder` for as long as the order is
/// there.
public struct BatchRows: @unchecked Sendable {
  // Safe: nobody writes the memory while there is a view on it.

  /// The rows to use now.
  public let numbers: UnsafeBufferPointer<Int32>
  /// The rows of the same batch shard of the next batch; none where it is not known.
  public let next: UnsafeBufferPointer<Int32>

  /// A view on row numbers. Their memory must stay, unchanged, for as long as the view is used.
  public init(
    _ numbers: UnsafeBufferPointer<Int32>,
    next: UnsafeBufferPointer<Int32> = .init(start: nil, count: 0)
  ) {
    self.numbers = numbers
    self.next = next
  }

  /// How many samples there are.
  public var count: Int { numbers.count }

  /// The row numbers, to keep. O(count).
  public var array: [Int32] { Array(numbers) }

  /// The batch shard at `range`, which is asked twice: for the number of samples of this batch, and
  /// for that of the next one.
  @inline(__always)
  public func shard(_ range: (_ samples: Int) -> Range<Int>) -> BatchRows {
    BatchRows(
      UnsafeBufferPointer(rebasing: numbers[range(numbers.count)]),
      next: UnsafeBufferPointer(rebasing: next[range(next.count)]))
  }
}

/// Where a source writes the samples of a batch and their targets.
public struct BatchMemory {
  /// Room for `rows` × `sampleSize` values, row-major.
  public let samples: UnsafeMutableBufferPointer<Float>
  /// Room for a label per row.
  public let labels: UnsafeMutableBufferPointer<Int32>

  /// A view on room that the caller owns.
  ///
  /// - Precondition: `samples` has room for `labels.count` samples.
  public init(
    samples: UnsafeMutableBufferPointer<Float>, labels: UnsafeMutableBufferPointer<Int32>
  ) {
    self.samples = samples
    self.labels = labels
  }
}
