internal import CKernels

/// Matrix products of row-major Floats: c = start + op(a) · op(b).
///
/// Every element of c is one chain of fused multiply-adds over ascending k, begun with the start:
/// `c = fma(a[k], b[k], c)`. So its bits depend neither on m and n nor on the instructions, and any
/// part of a product has the bits of the whole: see Numerics.md.
package enum MatrixProduct {
  /// What the sums begin with.
  package enum Start {
    /// 0.
    case zero
    /// What stands in c.
    case result
    /// One row of n elements for all rows of c, such as a layer's biases.
    case row(UnsafePointer<Float>)
  }

  /// c[m, n] = start + op(a)[m, k] · op(b)[k, n]; negative results become 0 where `rectifies`.
  ///
  /// A transposed operand is stored the other way round: `a` as [k, m], `b` as [n, k].
  /// O(m · n · k), no allocation.
  ///
  /// - Parameters:
  ///   - rowOfA: how many elements further the next stored row of `a` begins; nil where the rows
  ///     stand without gaps. So for `b`. `c` has no gaps.
  package static func compute(
    _ a: UnsafePointer<Float>, transposedA: Bool = false, rowOfA: Int? = nil,
    _ b: UnsafePointer<Float>, transposedB: Bool = false, rowOfB: Int? = nil,
    into c: UnsafeMutablePointer<Float>, start: Start, m: Int, n: Int, k: Int,
    rectifies: Bool = false
  ) {
    var arguments = skein_product(
      a: a, a_row: rowOfA ?? (transposedA ? m : k), transposed_a: transposedA, packed_a: false,
      a_column: 0, a_columns: 0, b: b, b_row: rowOfB ?? (transposedB ? k : n),
      transposed_b: transposedB, packed_b: false, first_row: 0, start: nil, start_row: 0, c: c,
      c_row: n, m: m, n: n, k: k, rectifies: rectifies)
    begin(&arguments, with: start)
    Kernels.current.pointee.product(&arguments)
  }

  /// c[m, n] = start + a[m, k] · b, where `panels` are those of b [k, n], or of a bᵀ [n, k] that a
  /// forward pass reads: the bits of `compute`.
  package static func compute(
    _ a: UnsafePointer<Float>, panels: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    start: Start, m: Int, n: Int, k: Int, rectifies: Bool = false
  ) {
    var arguments = skein_product(
      a: a, a_row: k, transposed_a: false, packed_a: false, a_column: 0, a_columns: 0, b: panels,
      b_row: k, transposed_b: false, packed_b: true, first_row: 0, start: nil, start_row: 0, c: c,
      c_row: n, m: m, n: n, k: k, rectifies: rectifies)
    begin(&arguments, with: start)
    Kernels.current.pointee.product(&arguments)
  }

  @inline(__always)
  private static func begin(_ arguments: inout skein_product, with start: Start) {
    switch start {
    case .zero: break
    case .result:
      (arguments.start, arguments.start_row) = (UnsafePointer(arguments.c), arguments.c_row)
    case .row(let row): arguments.start = row
    }
  }
}
