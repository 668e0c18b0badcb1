import SkeinFiles
import SkeinKernels

/// How a parameter's gradient is computed from what a backward pass has left on the tape.
///
/// A plain value that holds addresses on its tape, which stay as long as the tape does: computing a
/// block of a gradient counts no reference and looks nothing up.
///
/// `@unchecked Sendable`: the memory behind the addresses is written by the tape's passes only, and
/// between two of them any number of workers may read it.
package struct DeferredGradient: @unchecked Sendable {
  enum Rule {
    /// dW[o, i] = Σ over the samples n of dz[n, o] · x[n, i].
    case product(
      dz: UnsafePointer<Float>, outputs: Int, x: UnsafePointer<Float>, inputs: Int, samples: Int)
    /// db[o] = Σ over the samples n of dz[n, o].
    case columnSums(dz: UnsafePointer<Float>, outputs: Int, samples: Int)
    /// The backward pass has written it down, row by row.
    case written(UnsafePointer<Float>)
    /// The loss does not depend on the parameter.
    case zero
  }

  let rule: Rule
  /// The parameter's elements in the buffer that it lies in.
  let range: Range<Int>

  /// Writes `block` of the gradient to `target` from `place` on, row by row. O(block · samples).
  ///
  /// Any cut into blocks gives the same bits: see SkeinKernels' Numerics.md.
  ///
  /// - Precondition: the block lies in the parameter, as its rows do, and `target` has room for it.
  package func write(_ block: ParameterBlock, into target: FloatBuffer, at place: Int = 0) {
    require(
      block.start >= range.lowerBound && block.range.upperBound <= range.upperBound,
      "elements \(block.range) of a parameter at \(range)")
    target.check(place..<(place + block.count))
    let (start, result) = (block.start - range.lowerBound, target.base + place)
    switch rule {
    case .product(let dz, let outputs, let x, let inputs, let samples):
      let (row, column) = start.quotientAndRemainder(dividingBy: inputs)
      require(
        column + block.columns <= inputs && (block.rows == 1 || block.stride == inputs),
        "a block of \(block.columns) columns, \(block.stride) apart, of \(inputs) at \(column)")
      MatrixProduct.compute(
        dz + row, transposedA: true, rowOfA: outputs, x + column, rowOfB: inputs, into: result,
        start: .zero, m: block.rows, n: block.columns, k: samples)
    case .columnSums(let dz, let outputs, let samples):
      require(
        block.rows == 1 || block.stride == block.columns,
        "a block with gaps of a parameter that is one row")
      RowLoops.sum(
        dz + start, stride: outputs, rows: samples, columns: block.count, into: result,
        accumulates: false)
    case .written(let gradient):
      for row in 0..<block.rows {
        (result + row * block.columns).update(
          from: gradient + start + row * block.stride, count: block.columns)
      }
    case .zero:
      result.update(repeating: 0, count: block.count)
    }
  }
}

extension ParameterBlock {
  /// All of a parameter that stands at `start`.
  package init(start: Int, shape: Shape) {
    let columns = shape.rank == 0 ? 1 : shape[shape.rank - 1]
    self.init(start: start, rows: shape.count / columns, columns: columns, stride: columns)
  }
}
