/// The samples of a batch, or of a part of one, by their row numbers.
///
/// A view on memory that somebody else keeps, so that handing rows to workers counts no reference.
/// A source may use it until its `read` returns.
///
/// `@unchecked Sendable`: nobody writes the memory while there is a view on it.
public struct BatchRows: @unchecked Sendable {
  /// The rows to use now.
  public let numbers: UnsafeBufferPointer<Int32>
  /// The rows of the same part of the next batch; none where it is not known.
  public let next: UnsafeBufferPointer<Int32>

  /// A view on row numbers. Their memory must stay, unchanged, for as long as the view is used.
  package init(
    _ numbers: UnsafeBufferPointer<Int32>,
    next: UnsafeBufferPointer<Int32> = .init(start: nil, count: 0)
  ) {
    self.numbers = numbers
    self.next = next
  }

  /// Calls `body` with a view on `numbers`, to be used until it returns: for sources that ask
  /// another source for rows of their own.
  public static func with<Result>(
    _ numbers: [Int32], _ body: (BatchRows) throws -> Result
  ) rethrows -> Result {
    try numbers.withUnsafeBufferPointer { try body(BatchRows($0)) }
  }

  /// How many samples there are.
  public var count: Int { numbers.count }

  /// The row numbers, to keep. O(count).
  public var array: [Int32] { Array(numbers) }

  /// The part at `range`, which is asked twice: for the number of samples of this batch, and for
  /// that of the next one.
  @inline(__always)
  package func part(_ range: (_ samples: Int) -> Range<Int>) -> BatchRows {
    BatchRows(
      UnsafeBufferPointer(rebasing: numbers[range(numbers.count)]),
      next: UnsafeBufferPointer(rebasing: next[range(next.count)]))
  }
}

/// Where a source writes the samples of a batch and their targets.
public struct BatchMemory {
  /// Room for `rows` × `sampleSize` values, row-major.
  public let samples: UnsafeMutableBufferPointer<Float>
  /// Room for the target of each row, of the source's kind, and for its weight where that is
  /// wanted.
  public let targets: TargetMemory

  /// A view on room that the caller owns.
  ///
  /// - Precondition: both have room for as many samples.
  public init(samples: UnsafeMutableBufferPointer<Float>, targets: TargetMemory) {
    self.samples = samples
    self.targets = targets
  }

  /// A view on room for samples of classes.
  ///
  /// - Precondition: `samples` has room for `labels.count` samples.
  public init(
    samples: UnsafeMutableBufferPointer<Float>, labels: UnsafeMutableBufferPointer<Int32>
  ) {
    self.init(samples: samples, targets: .labels(labels))
  }

  /// Room for a label per row; none where targets are values.
  public var labels: UnsafeMutableBufferPointer<Int32> { targets.labels }

  /// Room for the values of each row; none where targets are classes.
  public var values: UnsafeMutableBufferPointer<Float> { targets.values }

  /// Room for the weight of each row; nil where nobody wants to know it.
  public var weights: UnsafeMutableBufferPointer<Float>? { targets.weights }
}
