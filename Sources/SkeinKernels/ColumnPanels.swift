internal import CKernels
import SkeinFiles

/// A copy of a matrix [rows, columns] in panels of columns, in which its products over rows read it
/// from front to end: c = aᵀ · b, both of them copied.
///
/// A training step copies what a weight matrix's gradient is a product of, dW = dzᵀ · x, worker by
/// worker where each has just computed its rows. Without the copies a product jumps from row to row
/// of wide matrices, whose elements fall into the same few lines of a cache.
///
/// A plain value that holds an address: whoever made its memory keeps it.
package struct ColumnPanels {
  let memory: UnsafeMutablePointer<Float>
  let rows: Int
  let columns: Int

  /// - Parameter memory: room for `rows` times `width` Floats.
  package init(_ memory: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    self.memory = memory
    self.rows = rows
    self.columns = columns
  }

  /// The most Floats that the panels of a row take, on any level: the last panel has whole vectors,
  /// of up to 16.
  package static func width(columns: Double) -> Double { columns + 15 }

  /// How many rows there must be for copies to pay.
  package static let leastRows = 64

  /// Whether a product aᵀ[m, k] · b[k, n] over many rows k is faster with both operands copied
  /// before, the copies included.
  ///
  /// Measured with k = 1024 on a core whose peak is 117 GFLOP/s: 88 without and 107 to 113 with
  /// them for 2048 × 2048. Operands of up to 784 columns are read as fast where they are.
  package static func pay(m: Double, n: Double) -> Bool { max(m, n) >= 1024 && min(m, n) >= 64 }

  /// Copies `range` of the rows of `matrix`, which has no gaps. O(range · columns), no allocation.
  ///
  /// - Precondition: these are rows of the matrix.
  package func copy(_ range: Range<Int>, of matrix: UnsafePointer<Float>) {
    require(
      range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of a matrix of \(rows)")
    Kernels.current.pointee.pack(
      matrix + range.lowerBound * columns, columns, range.lowerBound, range.count, 0, columns, rows,
      nil, memory)
  }

  /// Whether a panel begins with `column`, so that a product's columns may.
  package static func mayBegin(with column: Int) -> Bool {
    column % Int(Kernels.current.pointee.panel_columns) == 0
  }

  /// c[i, j] = Σ over l in `range` of a[l, `column` + i] · b[l, `other` + j], for i < m and j < n:
  /// the bits of `MatrixProduct.compute` with what was copied. `c` has no gaps.
  /// O(m · n · range), no allocation.
  ///
  /// - Precondition: a panel of b begins with column `other`. The n columns end with a panel too,
  ///   or with the matrix.
  package static func product(
    _ a: ColumnPanels, column: Int, m: Int, _ b: ColumnPanels, column other: Int, n: Int,
    rows range: Range<Int>, into c: UnsafeMutablePointer<Float>
  ) {
    require(
      range.lowerBound >= 0 && range.upperBound <= min(a.rows, b.rows)
        && column >= 0 && column + m <= a.columns && mayBegin(with: other)
        && other + n <= b.columns && (other + n == b.columns || mayBegin(with: other + n)),
      "columns \(column) of \(a.columns) and \(other) of \(b.columns), \(m) × \(n) of them, "
        + "in rows \(range)")
    var arguments = skein_product(
      a: a.memory, a_row: a.rows, transposed_a: true, packed_a: true, a_column: column,
      a_columns: a.columns, b: b.memory + other * b.rows, b_row: b.rows, transposed_b: false,
      packed_b: true, first_row: range.lowerBound, start: nil, start_row: 0, c: c, c_row: n, m: m,
      n: n, k: range.count, rectifies: false)
    Kernels.current.pointee.product(&arguments)
  }
}
