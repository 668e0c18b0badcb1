internal import CKernels

/// Loops over the rows of a matrix that a pass needs besides products.
package enum RowLoops {
  /// sums[c] ← Σ over the `rows` of x[r · `stride` + c], for c < `columns`; added to what stands in
  /// `sums` where `accumulates`.
  package static func sum(
    _ x: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int,
    into sums: UnsafeMutablePointer<Float>, accumulates: Bool
  ) {
    Kernels.best.pointee.sum_rows(x, stride, rows, columns, sums, accumulates)
  }

  /// x[i] ← 0 where y[i] is 0 or less: relu's backward pass, given its result y.
  package static func mask(
    _ x: UnsafeMutablePointer<Float>, where y: UnsafePointer<Float>, count: Int
  ) {
    Kernels.best.pointee.mask(x, y, count)
  }

  /// Asks for the cache lines of `rows`, each `rowBytes` long, the first of which begins at `base`.
  /// Passes over rows outside of 0..<`count`, changes nothing, and returns at once.
  package static func prefetch(
    _ rows: UnsafeBufferPointer<Int32>, of count: Int, at base: UnsafeRawPointer, rowBytes: Int
  ) {
    forEachLine(of: rows, of: count, rowBytes: rowBytes) { skein_prefetch(base + $0) }
  }

  /// Calls `body` for every cache line of `rows`, with its offset from the first row of all. Passes
  /// over rows outside of 0..<`count`. An offset may lie up to 62 bytes behind its row, where a row
  /// that begins in the middle of a line has its last one.
  @inline(__always)
  static func forEachLine(
    of rows: UnsafeBufferPointer<Int32>, of count: Int, rowBytes: Int, _ body: (Int) -> Void
  ) {
    for row in rows where row >= 0 && Int(row) < count {
      let start = Int(row) * rowBytes
      for line in stride(from: start, to: start + rowBytes + 63, by: 64) { body(line) }
    }
  }
}
