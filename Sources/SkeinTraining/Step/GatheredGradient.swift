import SkeinKernels

/// A whole gradient, where a step needs one: to add several batches up before the update, or to
/// know the gradient's norm. A step of one batch without clipping never writes one.
///
/// Each block of the partition stands by itself, row by row. `@unchecked Sendable`: a block belongs
/// to the worker that has its item.
final class GatheredGradient: @unchecked Sendable {
  private let values: FloatBuffer
  /// Where each block of the partition begins.
  private let starts: [Int]

  init(_ partition: ParameterPartition) {
    var starts: [Int] = []
    var count = 0
    for (_, block) in partition.blocks {
      starts.append(count)
      count += FloatBuffer.padded(block.count)
    }
    self.starts = starts
    values = FloatBuffer(count: count)
  }

  /// Keeps the first `count` values of `gradient` as block `block`.
  func keep(_ gradient: FloatBuffer, as block: Int, count: Int) {
    values.withMutableValues(range(block, count)) { kept in
      gradient.withValues(0..<count) { _ = kept.update(fromContentsOf: $0) }
    }
  }

  /// Adds block `block` to the first `count` values of `gradient`: kept + new, in this order.
  func add(_ block: Int, to gradient: FloatBuffer, count: Int) {
    values.withValues(range(block, count)) { ParameterLoops.add($0, to: gradient) }
  }

  /// Writes block `block`, multiplied by `factor`, to the front of `gradient`.
  func write(_ block: Int, times factor: Float, to gradient: FloatBuffer, count: Int) {
    values.withValues(range(block, count)) { kept in
      gradient.withMutableValues(0..<count) { _ = $0.update(fromContentsOf: kept) }
    }
    if factor != 1 {
      ParameterLoops.reduce(gradient, stride: count, sumCount: 1, by: factor, count: count)
    }
  }

  private func range(_ block: Int, _ count: Int) -> Range<Int> {
    starts[block]..<(starts[block] + count)
  }
}
