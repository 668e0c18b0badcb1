/// The 32-bit Mersenne Twister MT19937, seeded as `torch.manual_seed` seeds it.
///
/// Source: M. Matsumoto, T. Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998. A run owns one
/// generator and draws from it in a documented order, so that a job and the same PyTorch script
/// see the same numbers.
public struct MersenneTwister: RandomNumberGenerator, Sendable, Equatable {
  static let stateCount = 624
  private static let shift = 397

  var words: [UInt32]
  var position: Int
  /// The second value of the last Box-Muller pair, kept as PyTorch keeps it.
  var pendingNormal: Double?

  /// Seeds the generator as `torch.manual_seed(seed)` does: the low 32 bits of `seed` count.
  public init(seed: UInt64) {
    words = []
    words.reserveCapacity(Self.stateCount)
    words.append(UInt32(truncatingIfNeeded: seed))
    for i in 1..<Self.stateCount {
      let previous = words[i - 1]
      words.append(1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(i))
    }
    position = Self.stateCount
  }

  /// The next 32 random bits, which are one draw of PyTorch's. O(1), amortised over one refill per
  /// 624 draws.
  public mutating func next32() -> UInt32 {
    if position == Self.stateCount { refill() }
    var y = words[position]
    position += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9d2c_5680
    y ^= (y << 15) & 0xefc6_0000
    return y ^ (y >> 18)
  }

  /// The next 64 random bits. They take two of PyTorch's draws, of which the first one is the upper
  /// half.
  ///
  /// - Warning: Swift's own `shuffled(using:)` and `random(in:using:)` draw these, and give other
  ///   numbers than PyTorch does with the same seed. Where the numbers are to be PyTorch's, call
  ///   `uniform`, `permutation` and `normal`, or `next32` for one draw.
  public mutating func next() -> UInt64 {
    let high = UInt64(next32())
    return high << 32 | UInt64(next32())
  }

  private mutating func refill() {
    let n = Self.stateCount
    for i in 0..<n {
      let y = (words[i] & 0x8000_0000) | (words[(i + 1) % n] & 0x7fff_ffff)
      let twist: UInt32 = y & 1 == 0 ? 0 : 0x9908_b0df
      words[i] = words[(i + Self.shift) % n] ^ (y >> 1) ^ twist
    }
    position = 0
  }
}
