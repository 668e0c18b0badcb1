import SkeinFiles
import SkeinKernels
import SkeinModel

/// The Euclidean norm of all parameters' mean gradient, in an order of its own that no partition
/// over workers changes.
///
/// A row of a parameter falls into tiles of `ParameterPartition.tileColumns` columns, the last of
/// which may be narrower. A tile's squares are added up as `ParameterLoops.sumOfSquares` does. The
/// tiles' sums are added from the first to the last: parameter by parameter, row by row. All of it
/// in Double.
///
/// `@unchecked Sendable`: workers write the tiles of their own blocks, and `norm` is asked while
/// none runs.
final class GradientNorm: @unchecked Sendable {
  private let layout: ParameterLayout
  /// Where each parameter's tiles begin, and how many a row has.
  private let places: [(start: Int, tiles: Int)]
  private let sums: UnsafeMutableBufferPointer<Double>

  init(_ layout: ParameterLayout) {
    self.layout = layout
    var places: [(start: Int, tiles: Int)] = []
    var count = 0
    for entry in layout.entries {
      let whole = ParameterBlock(start: entry.offset, shape: entry.shape)
      let tiles = (whole.columns - 1) / ParameterPartition.tileColumns + 1
      places.append((count, tiles))
      count += whole.rows * tiles
    }
    self.places = places
    sums = .allocate(capacity: count)
    sums.initialize(repeating: 0)
  }

  deinit { sums.deallocate() }

  /// Notes the gradient of `block` of parameter `parameter`, which stands in `gradient` from
  /// `start` on, row by row.
  func note(_ block: ParameterBlock, of parameter: Int, in gradient: FloatBuffer, at start: Int) {
    let width = ParameterPartition.tileColumns
    let (row, column) = (block.start - layout.entries[parameter].offset)
      .quotientAndRemainder(dividingBy: block.stride)
    require(column % width == 0, "a block that begins at column \(column)")
    let (first, tiles) = places[parameter]
    for index in 0..<block.rows {
      let place = first + (row + index) * tiles + column / width
      let from = start + index * block.columns
      for (tile, at) in stride(from: 0, to: block.columns, by: width).enumerated() {
        let count = min(width, block.columns - at)
        sums[place + tile] = ParameterLoops.sumOfSquares(
          gradient, (from + at)..<(from + at + count))
      }
    }
  }

  /// The norm of what was noted last.
  var norm: Double {
    var sum = 0.0
    for part in sums { sum += part }
    return sum.squareRoot()
  }
}
