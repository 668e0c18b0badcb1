import SkeinAutograd
import SkeinData
import SkeinFiles
import SkeinRandom

/// The batches of one epoch, each on a tape of its own: for loops of one's own.
public struct Batches: Sequence, IteratorProtocol {
  let source: Scaled
  let order: EpochOrder
  private var index = 0

  init(_ source: Scaled, order: EpochOrder) {
    self.source = source
    self.order = order
  }

  /// The next batch's samples [n, elements], and the class of each. O(n · elements).
  public mutating func next() -> (x: Tensor, y: Indices)? {
    guard index < order.batchCount else { return nil }
    let rows = order.batch(index)
    index += 1
    let input = BatchInput(reading: rows, of: source)
    guard case .classes(let labels) = input.target else { misuse("batches of classes of values") }
    return (input.samples, labels)
  }
}

extension BatchInput {
  /// The samples `rows` of `source`, on a tape of their own.
  init(reading rows: BatchRows, of source: Scaled) {
    self.init(Tape(), samples: rows.count, width: source.sampleSize, target: source.target)
    do { try read(rows, from: source) } catch { misuse("a split in memory: \(error)") }
  }
}

extension Scaled {
  /// The batches of one epoch in a shuffled order. It is drawn from `generator` as a run draws its
  /// epochs, so each call gives the next one.
  ///
  ///     for (x, y) in train.batches(32, from: &generator) { … }
  ///
  /// - Parameter size: samples of a batch, > 0; the last batch has what is left.
  /// - Precondition: targets are classes. Of values there are `valueBatches`.
  public func batches(_ size: Int, from generator: inout MersenneTwister) -> Batches {
    Batches(self, order: order(batchSize: size, dropLast: false, from: &generator))
  }
}

extension Split {
  /// The same, with elements as they are stored.
  public func batches(_ size: Int, from generator: inout MersenneTwister) -> Batches {
    scaled(by: 1).batches(size, from: &generator)
  }
}
