internal import CKernels

/// Bytes divided by a whole number, without a division.
///
/// 1 / scale = high + low, where high has 16 significant bits: x · high is exact for a byte x, and
/// x · low is off by less than 2⁻⁴⁰ of the result, so that high · x + low · x rounds to what x /
/// scale rounds to: for scales up to 4096, x / scale is never that close to the middle between two
/// Floats. Two multiplications and an addition take half the time of the division, which is a sixth
/// of the training step of a small network.
package struct ByteScale {
  private let high: Float
  private let low: Float

  /// Whether every byte divided by `scale` comes out with the bits of the division.
  package static func isExact(_ scale: Float) -> Bool {
    (1...4096).contains(scale) && scale == scale.rounded()
  }

  /// - Precondition: `isExact(scale)`.
  package init(_ scale: Float) {
    let inverse = 1 / Double(scale)
    high = Float(bitPattern: Float(inverse).bitPattern & 0xFFFF_FF00)
    low = Float(inverse - Double(high))
  }

  /// Writes `rows` of a source, each of `width` bytes, to `target`, one after the other, each byte
  /// divided by the scale. Meanwhile asks for the cache lines of the rows `next`, as many as
  /// `rows`, unless the source is small.
  ///
  /// - Parameter all: how many rows the source has.
  /// - Precondition: `rows` are in 0..<`all`. `next` may be others, which are passed over.
  package func apply(
    _ source: UnsafePointer<UInt8>, of all: Int, width: Int, rows: UnsafeBufferPointer<Int32>,
    next: UnsafeBufferPointer<Int32>, to target: UnsafeMutablePointer<Float>
  ) {
    guard let numbers = rows.baseAddress else { return }
    Kernels.current.pointee.convert_rows(
      source, all, width, numbers, rows.count, next.baseAddress, next.count, target, high, low)
  }
}
