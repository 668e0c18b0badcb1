import SkeinFiles
import SkeinKernels
import SkeinModel

/// The rule that cuts the parameters for the second half of a step: what one worker reduces and
/// updates at a time.
///
/// A block lies in one parameter: up to 64 rows, and so many columns that all batch shards' sums of
/// it stay in a core's cache. Small blocks share an item. Where there are many workers for few
/// parameters, blocks are smaller, so that each worker has some and none waits long for another.
/// The cut depends on the model, the number of batch shards and the number of workers alone; no bit
/// depends on it.
///
/// Measured with 784-256-128-10, 4 batch shards and one thread: blocks of 8 rows whose sums are
/// 24 KiB give 206 k samples/s, 16 rows and 24 KiB 216 k, 64 rows and 192 KiB 219 k.
package struct ParameterPartition {
  /// Each block, and the number of its parameter in the layout.
  let blocks: [(parameter: Int, block: ParameterBlock)]
  /// The blocks of each item.
  let items: [Range<Int>]
  /// The elements of the largest block, and a few to align the next one.
  let roomForBlock: Int

  /// - Parameters:
  ///   - sums: how many sums are held at a time, one per batch shard.
  ///   - workers: how many share the items, > 0.
  ///   - leastElements: elements of an item, at least: taking one then costs little beside its
  ///     work.
  package init(
    _ layout: ParameterLayout, sums: Int, workers: Int = 1, leastElements: Int = 2048
  ) {
    let wanted = Self.blocksPerWorker * max(workers, 4)
    let limit = min(Self.mostElements / sums, max(3072, layout.parameterCount / wanted))
    var blocks: [(parameter: Int, block: ParameterBlock)] = []
    var items: [Range<Int>] = []
    var (first, elements) = (0, 0)
    for (parameter, entry) in layout.entries.enumerated() {
      for block in Self.blocks(ParameterBlock(start: entry.offset, shape: entry.shape), limit) {
        blocks.append((parameter, block))
        elements += block.count
        if elements >= leastElements {
          items.append(first..<blocks.count)
          (first, elements) = (blocks.count, 0)
        }
      }
    }
    if first < blocks.count { items.append(first..<blocks.count) }
    self.blocks = blocks
    self.items = items
    roomForBlock = FloatBuffer.padded(blocks.map(\.block.count).max() ?? 0)
  }

  /// Elements of all sums of a block, unless there are so many sums that the least block has more.
  private static let mostElements = 49_152
  private static let mostRows = 64
  /// Blocks that each worker has of a layout, at least, as far as those of 64 rows and 48 columns
  /// allow: a worker with one block more than others makes them wait for a fifth of its work.
  private static let blocksPerWorker = 4
  /// Columns come in whole tiles of a matrix product, three vectors of 16: a block begins at a
  /// multiple of them.
  static let tileColumns = 48

  /// The most elements that all sums of a block can have: what one worker keeps of them.
  package static func room(sums: Double) -> Double {
    max(2 * Double(mostElements), sums * Double(mostRows * 2 * tileColumns))
  }

  /// A parameter in blocks of about `limit` elements.
  private static func blocks(_ whole: ParameterBlock, _ limit: Int) -> [ParameterBlock] {
    var blocks: [ParameterBlock] = []
    for row in stride(from: 0, to: whole.rows, by: mostRows) {
      let rows = min(mostRows, whole.rows - row)
      let step = max(1, limit / rows / tileColumns) * tileColumns
      var column = 0
      while column < whole.columns {
        // The last block takes the columns that do not fill another one.
        let left = whole.columns - column
        let columns = left < step + tileColumns ? left : step
        blocks.append(
          ParameterBlock(
            start: whole.start + row * whole.stride + column, rows: rows, columns: columns,
            stride: whole.stride))
        column += columns
      }
    }
    return blocks
  }
}
