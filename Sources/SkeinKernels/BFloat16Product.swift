internal import CKernels

/// Matrix products whose operands are rounded to bfloat16, and whose sums are Floats: half the
/// memory, and twice the speed where the processor has fast instructions for them.
///
/// Every element of a product is one chain over ascending k, begun with the start: `c =
/// flush(fma(a[k], b[k], c))`. Its bits depend neither on m and n nor on the instructions: see
/// Numerics.md.
package enum BFloat16Product {
  /// c[m, n] = start + a[m, k] · b, where `panels` are those of `WeightPanels` in bfloat16: of b
  /// [k, n], or of a bᵀ [n, k] that a forward pass reads. `a` is rounded on the way. Negative
  /// results become 0 where `rectifies`. O(m · n · k), no allocation.
  package static func compute(
    _ a: UnsafePointer<Float>, panels: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    start: MatrixProduct.Start, m: Int, n: Int, k: Int, rectifies: Bool = false
  ) {
    let slots = (k + 1) / 2
    var arguments = skein_bfloat16_product(
      a: a, a_row: k, tiles: nil, row: 0, panels: words(panels), column: 0, slots: slots,
      first_slot: 0, slot_count: slots, k: k, start: nil, start_row: 0, c: c, c_row: n, m: m, n: n,
      rectifies: rectifies)
    switch start {
    case .zero: break
    case .result: (arguments.start, arguments.start_row) = (UnsafePointer(c), n)
    case .row(let row): arguments.start = row
    }
    Kernels.bfloat16.pointee.product(&arguments)
  }

  /// Memory of Floats that holds words of two numbers each.
  static func words(_ memory: UnsafePointer<Float>) -> UnsafePointer<UInt32> {
    UnsafeRawPointer(memory).assumingMemoryBound(to: UInt32.self)
  }

  /// The same, to be written.
  static func words(_ memory: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(memory).assumingMemoryBound(to: UInt32.self)
  }
}
