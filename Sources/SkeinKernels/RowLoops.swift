internal import CKernels

/// Loops over the rows of a matrix that a pass needs besides products.
package enum RowLoops {
  /// sums[c] ← Σ over the `rows` of x[r · `stride` + c], for c < `columns`; added to what stands in
  /// `sums` where `accumulates`.
  package static func sum(
    _ x: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int,
    into sums: UnsafeMutablePointer<Float>, accumulates: Bool
  ) {
    Kernels.current.pointee.sum_rows(x, stride, rows, columns, sums, accumulates)
  }

  /// x[i] ← 0 where y[i] is 0 or less: relu's backward pass, given its result y.
  package static func mask(
    _ x: UnsafeMutablePointer<Float>, where y: UnsafePointer<Float>, count: Int
  ) {
    Kernels.current.pointee.mask(x, y, count)
  }

  /// Asks for the cache lines of row `row` of `count` rows, each `rowBytes` long, the first of
  /// which begins at `base`. Does nothing for a row outside of them, changes nothing, and returns
  /// at once.
  package static func prefetch(
    _ row: Int32, of count: Int, at base: UnsafeRawPointer, rowBytes: Int
  ) {
    forEachLine(of: row, of: count, rowBytes: rowBytes) { skein_prefetch(base + $0) }
  }

  /// Calls `body` for every cache line of row `row`, with its offset from the first row; not at all
  /// for a row outside of 0..<`count`. An offset may lie up to 62 bytes behind the row, where a row
  /// that begins in the middle of a line has its last one.
  @inline(__always)
  static func forEachLine(of row: Int32, of count: Int, rowBytes: Int, _ body: (Int) -> Void) {
    guard row >= 0 && Int(row) < count else { return }
    let start = Int(row) * rowBytes
    for line in stride(from: start, to: start + rowBytes + 63, by: 64) { body(line) }
  }
}
