import SkeinRandom

/// `count` numbers between −scale and scale, the same for the same seed.
package func values(_ count: Int, seed: UInt64 = 7, scale: Float = 2) -> [Float] {
  var generator = MersenneTwister(seed: seed)
  return (0..<count).map { _ in generator.uniform(-scale, scale) }
}
