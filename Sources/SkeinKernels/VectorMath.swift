/// Exponential and logarithm of eight Floats at once.
///
/// libm has them one by one, at 5 ns each: a fifth of a training step of a small network. These are
/// the polynomials of the Cephes library, without tables, so that the bits depend on no library
/// version. Error: at most 2 units in the last place; tests compare every binade with libm.
///
/// Source: S. Moshier, Cephes Mathematical Library, `expf.c` and `logf.c`, 1992.
package enum VectorMath {
  /// e^x. 0 below −87.33, where the result would be no normal number; infinity above 88.72.
  @inline(__always)
  static func exp(_ x: Vector) -> Vector {
    // n = x / ln 2 rounded: adding 1.5 · 2²³ leaves the integer in the low bits of the sum.
    let clamped = x.replacing(with: 89, where: x .> 89).replacing(with: -88, where: x .< -88)
    let shifted = clamped * 1.442_695 + 12_582_912
    let n = shifted - 12_582_912
    let power = mantissa(clamped, n)
    // 2^n in two factors, because n may be 128.
    let bits = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000
    let half = bits &>> 1
    let first = unsafeBitCast((half &+ 127) &<< 23, to: Vector.self)
    let second = unsafeBitCast((bits &- half &+ 127) &<< 23, to: Vector.self)
    return (power * first * second).replacing(with: 0, where: x .< -87.336_54)
  }

  /// e^x for x ≤ 0, as softmax needs it: the bits of `exp`, in two thirds of the time.
  @inline(__always)
  package static func expOfNonPositive(_ x: Vector) -> Vector {
    let isTiny = x .< -87.336_54
    let clamped = x.replacing(with: -87, where: isTiny)
    let shifted = clamped * 1.442_695 + 12_582_912
    let n = shifted - 12_582_912
    let power = mantissa(clamped, n)
    let bits = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000
    let factor = unsafeBitCast((bits &+ 127) &<< 23, to: Vector.self)
    return (power * factor).replacing(with: 0, where: isTiny)
  }

  /// e^(x − n · ln 2), between √½ and √2.
  @inline(__always)
  private static func mantissa(_ x: Vector, _ n: Vector) -> Vector {
    // ln 2 in two parts, of which the first one has few bits, so that n times it is exact.
    let r = (x - n * 0.693_359_375) - n * -2.121_944_4e-4
    var p = Vector(repeating: 1.987_569_15e-4)
    p = p * r + 1.398_199_950_7e-3
    p = p * r + 8.333_451_907_3e-3
    p = p * r + 4.166_579_589_4e-2
    p = p * r + 1.666_666_545_9e-1
    p = p * r + 5.000_000_120_1e-1
    return p * (r * r) + r + 1
  }

  /// ln x, for positive normal x; NaN stays NaN, and infinity is infinity.
  @inline(__always)
  package static func log(_ x: Vector) -> Vector {
    // x = m · 2^e with m in [√½, √2).
    let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
    let offset = bits &- 0x3F35_04F3
    let exponent = offset &>> 23
    let m = unsafeBitCast((offset & 0x007F_FFFF) &+ 0x3F35_04F3, to: Vector.self) - 1
    let z = m * m
    var p = Vector(repeating: 7.037_683_629_2e-2)
    p = p * m - 1.151_461_031_0e-1
    p = p * m + 1.167_699_874_0e-1
    p = p * m - 1.242_014_084_6e-1
    p = p * m + 1.424_932_278_7e-1
    p = p * m - 1.666_805_766_5e-1
    p = p * m + 2.000_071_476_5e-1
    p = p * m - 2.499_999_399_3e-1
    p = p * m + 3.333_333_117_4e-1
    let e = Vector(
      lowHalf: SIMD4<Float>(exponent.lowHalf), highHalf: SIMD4<Float>(exponent.highHalf))
    let y = p * m * z + e * -2.121_944_4e-4 - 0.5 * z
    let result = m + y + e * 0.693_359_375
    return result.replacing(with: x, where: .!(x .< .infinity))
  }

  /// Writes e^(x[i]) for every element, in place.
  static func exp(_ x: UnsafeMutablePointer<Float>, count: Int) {
    each(x, count) { exp($0) }
  }

  /// The same for elements that are 0 or less.
  package static func expOfNonPositive(_ x: UnsafeMutablePointer<Float>, count: Int) {
    each(x, count) { expOfNonPositive($0) }
  }

  /// Writes ln(x[i]) for every element, in place.
  package static func log(_ x: UnsafeMutablePointer<Float>, count: Int) {
    each(x, count) { log($0) }
  }

  /// Calls `body` on eight elements at a time; the last ones come with ones behind them, so that an
  /// element's result does not depend on its place.
  @inline(__always)
  private static func each(
    _ x: UnsafeMutablePointer<Float>, _ count: Int, _ body: (Vector) -> Vector
  ) {
    var index = 0
    while index + 8 <= count {
      x.store(body(x.vector(index)), index)
      index += 8
    }
    guard index < count else { return }
    var rest = Vector.one
    for lane in 0..<(count - index) { rest[lane] = x[index + lane] }
    rest = body(rest)
    for lane in 0..<(count - index) { x[index + lane] = rest[lane] }
  }
}
