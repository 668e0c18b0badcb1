#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension MersenneTwister {
  /// `count` draws from the normal distribution N(`mean`, `deviation`²), as `Tensor.normal_` fills
  /// a contiguous Float tensor of that many elements. O(count).
  ///
  /// PyTorch has two paths, and both are followed here: below 16 elements one Box-Muller pair in
  /// `Double` per two values (the second one waits for the next call), from 16 elements on blocks
  /// of 16 Floats in which element `j` pairs with `j + 8`; a ragged end draws its last 16 anew.
  public mutating func normal(count: Int, mean: Double, deviation: Double) -> [Float] {
    if count < 16 {
      return (0..<count).map { _ in Float(standardNormal() * deviation + mean) }
    }
    let (mean, deviation) = (Float(mean), Float(deviation))
    var values = (0..<count).map { _ in uniform() }
    for start in stride(from: 0, through: count - 16, by: 16) {
      Self.boxMuller(&values, at: start, mean: mean, deviation: deviation)
    }
    if count % 16 != 0 {
      for i in (count - 16)..<count { values[i] = uniform() }
      Self.boxMuller(&values, at: count - 16, mean: mean, deviation: deviation)
    }
    return values
  }

  /// Turns the 16 uniform values from `start` on into normal ones:
  /// √(−2 ln(1 − u₁)) · (cos 2πu₂, sin 2πu₂).
  private static func boxMuller(
    _ values: inout [Float], at start: Int, mean: Float, deviation: Float
  ) {
    for j in start..<(start + 8) {
      let radius = (-2 * logf(1 - values[j])).squareRoot()
      let angle = 2 * Float.pi * values[j + 8]
      values[j] = radius * cosf(angle) * deviation + mean
      values[j + 8] = radius * sinf(angle) * deviation + mean
    }
  }

  private mutating func standardNormal() -> Double {
    if let pending = pendingNormal {
      pendingNormal = nil
      return pending
    }
    let u1 = uniformDouble()
    let u2 = uniformDouble()
    let radius = (-2 * log1p(-u2)).squareRoot()
    pendingNormal = radius * sin(2 * Double.pi * u1)
    return radius * cos(2 * Double.pi * u1)
  }

  /// The next `Double` in [0, 1): the low 53 bits of 64 times 2⁻⁵³.
  private mutating func uniformDouble() -> Double {
    let bits: UInt64 = next()
    return Double(bits & (1 << 53 - 1)) * 0x1p-53
  }
}
