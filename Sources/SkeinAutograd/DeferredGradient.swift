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
    /// dW[r, c] = Σ over the samples n of a[n, r] · b[n, c].
    case product(
      UnsafePointer<Float>, rows: Int, UnsafePointer<Float>, columns: Int, samples: Int)
    /// The same of operands that are rounded to bfloat16 already; the samples are whole batch
    /// shards.
    case bfloat16(BFloat16Operands, columns: Int, samples: Int)
    /// db[c] = Σ over the samples n of dz[n, c].
    case columnSums(UnsafePointer<Float>, columns: Int, samples: Int)
    /// da = Σ of dy · x over the elements of the samples with x ≤ 0: a parametric relu's slope.
    case slope(
      UnsafePointer<Float>, UnsafePointer<Float>, width: Int, samples: Int)
    /// The backward pass has written it down for all samples together, row by row.
    case written(UnsafePointer<Float>)
    /// The loss does not depend on the parameter.
    case zero
  }

  let rule: Rule
  /// The parameter's elements in the buffer that it lies in.
  let range: Range<Int>
  /// What a product's operands are copied to, where that pays.
  var copies: Copies?

  /// A product's operands in panels.
  struct Copies {
    let a: ColumnPanels
    let b: ColumnPanels
  }

  init(rule: Rule, range: Range<Int>) {
    self.rule = rule
    self.range = range
  }

  /// The same, with copies in `memory` where they pay.
  func withCopies(in memory: Arena) -> DeferredGradient {
    guard case .product(_, let rows, _, let columns, let samples) = rule,
      samples >= ColumnPanels.leastRows, ColumnPanels.pay(m: Double(rows), n: Double(columns))
    else { return self }
    func panels(_ columns: Int) -> ColumnPanels {
      ColumnPanels(
        memory.floats(samples * Int(ColumnPanels.width(columns: Double(columns)))), rows: samples,
        columns: columns)
    }
    var copied = self
    copied.copies = Copies(a: panels(rows), b: panels(columns))
    return copied
  }

  /// Copies the rows of `samples`, which a backward pass has just left: see `Copies`. Does nothing
  /// where there are no copies. O(their elements).
  func copy(_ samples: Range<Int>) {
    guard let copies, case .product(let a, _, let b, _, _) = rule else { return }
    copies.a.copy(samples, of: a)
    copies.b.copy(samples, of: b)
  }

  /// Writes `block` of the gradient to `target` from `place` on, row by row. O(block · samples).
  ///
  /// Any cut into blocks gives the same bits: see SkeinKernels' Numerics.md.
  ///
  /// - Parameter samples: whose gradient it is; nil for all. What a backward pass has written down
  ///   for all together is given for the first ones, and 0 for others.
  /// - Precondition: the block lies in the parameter, as its rows do, and `target` has room for it.
  package func write(
    _ block: ParameterBlock, of samples: Range<Int>? = nil, into target: FloatBuffer,
    at place: Int = 0
  ) {
    require(
      block.start >= range.lowerBound && block.range.upperBound <= range.upperBound,
      "elements \(block.range) of a parameter at \(range)")
    target.check(place..<(place + block.count))
    let (start, result) = (block.start - range.lowerBound, target.base + place)
    switch rule {
    case .product(let a, let rows, let b, let columns, let all):
      let samples = Self.check(samples, all)
      let (row, column) = Self.place(of: block, at: start, columns: columns)
      let end = column + block.columns
      if let copies, ColumnPanels.mayBegin(with: column),
        end == columns || ColumnPanels.mayBegin(with: end)
      {
        return ColumnPanels.product(
          copies.a, column: row, m: block.rows, copies.b, column: column, n: block.columns,
          rows: samples, into: result)
      }
      MatrixProduct.compute(
        a + samples.lowerBound * rows + row, transposedA: true, rowOfA: rows,
        b + samples.lowerBound * columns + column, rowOfB: columns, into: result,
        start: .zero, m: block.rows, n: block.columns, k: samples.count)
    case .bfloat16(let operands, let columns, let all):
      let (row, column) = Self.place(of: block, at: start, columns: columns)
      operands.gradient(
        Self.check(samples, all), rows: row..<(row + block.rows),
        columns: column..<(column + block.columns), into: result)
    case .columnSums(let dz, let columns, let all):
      let samples = Self.check(samples, all)
      require(
        block.rows == 1 || block.stride == block.columns,
        "a block with gaps of a parameter that is one row")
      RowLoops.sum(
        dz + samples.lowerBound * columns + start, stride: columns, rows: samples.count,
        columns: block.count, into: result, accumulates: false)
    case .slope(let x, let dy, let width, let all):
      let samples = Self.check(samples, all)
      let (first, count) = (samples.lowerBound * width, samples.count * width)
      result[0] = Self.slope(
        UnsafeBufferPointer(start: x + first, count: count),
        UnsafeBufferPointer(start: dy + first, count: count))
    case .written(let gradient):
      guard samples?.lowerBound ?? 0 == 0 else {
        return result.update(repeating: 0, count: block.count)
      }
      for row in 0..<block.rows {
        (result + row * block.columns).update(
          from: gradient + start + row * block.stride, count: block.columns)
      }
    case .zero:
      result.update(repeating: 0, count: block.count)
    }
  }

  /// Σ of dy · x over the elements with x ≤ 0, from the first to the last, in Double.
  static func slope(
    _ x: UnsafeBufferPointer<Float>, _ dy: UnsafeBufferPointer<Float>
  ) -> Float {
    var sum = 0.0
    for i in 0..<x.count where x[i] <= 0 { sum += Double(dy[i] * x[i]) }
    return Float(sum)
  }

  /// Where `block`, which begins with element `start` of a matrix, lies in it.
  private static func place(
    of block: ParameterBlock, at start: Int, columns: Int
  ) -> (row: Int, column: Int) {
    let (row, column) = start.quotientAndRemainder(dividingBy: columns)
    require(
      column + block.columns <= columns && (block.rows == 1 || block.stride == columns),
      "a block of \(block.columns) columns, \(block.stride) apart, of \(columns) at \(column)")
    return (row, column)
  }

  /// `samples`, or all of them.
  private static func check(_ samples: Range<Int>?, _ all: Int) -> Range<Int> {
    let samples = samples ?? 0..<all
    require(
      samples.lowerBound >= 0 && samples.upperBound <= all, "samples \(samples) of \(all)")
    return samples
  }
}

extension ParameterBlock {
  /// All of a parameter that stands at `start`.
  package init(start: Int, shape: Shape) {
    let columns = shape.rank == 0 ? 1 : shape[shape.rank - 1]
    self.init(start: start, rows: shape.count / columns, columns: columns, stride: columns)
  }
}
