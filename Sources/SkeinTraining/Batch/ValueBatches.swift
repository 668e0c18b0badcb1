import SkeinAutograd
import SkeinData
import SkeinFiles
import SkeinRandom

/// The batches of one epoch of samples whose targets are values, each on a tape of its own: for
/// loops of one's own.
public struct ValueBatches: Sequence, IteratorProtocol {
  let source: Scaled
  let order: EpochOrder
  private var index = 0

  init(_ source: Scaled, order: EpochOrder) {
    self.source = source
    self.order = order
  }

  /// The next batch's samples [n, elements], and the values [n, outputs], standardised as the
  /// source says. O(n · elements).
  public mutating func next() -> (x: Tensor, y: Tensor)? {
    guard index < order.batchCount else { return nil }
    let rows = order.batch(index)
    index += 1
    let input = BatchInput(reading: rows, of: source)
    guard case .values(let values) = input.target else { misuse("batches of values of classes") }
    return (input.samples, values)
  }
}

extension Scaled {
  /// The batches of one epoch in a shuffled order, as `batches` gives them, with values.
  ///
  ///     for (x, y) in train.valueBatches(32, from: &generator) { … }
  ///
  /// - Parameter size: samples of a batch, > 0; the last batch has what is left.
  /// - Precondition: targets are values.
  public func valueBatches(_ size: Int, from generator: inout MersenneTwister) -> ValueBatches {
    ValueBatches(self, order: order(batchSize: size, dropLast: false, from: &generator))
  }
}
