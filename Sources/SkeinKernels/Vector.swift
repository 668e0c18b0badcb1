/// Eight Floats that lie one after the other.
///
/// Loops whose index is computed (`row * columns + column`) do not vectorise by themselves, because
/// their arithmetic is checked; written with explicit vectors they do.
package typealias Vector = SIMD8<Float>

extension UnsafeMutablePointer<Float> {
  /// Elements `index ..< index + 8`, at any alignment.
  @inline(__always)
  func vector(_ index: Int) -> Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }

  @inline(__always)
  func store(_ vector: Vector, _ index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: vector, as: Vector.self)
  }
}
