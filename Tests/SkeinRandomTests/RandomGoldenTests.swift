import SkeinRandom
import SkeinTestSupport
import Testing

/// The random draws against those of PyTorch's CPU generator.
@Suite struct RandomGoldenTests {
  struct Case: Decodable {
    struct Uniform: Decodable {
      let lower, upper: Float
      let values: [Float]
    }
    struct Order: Decodable {
      let first: [Int32]
      let checksum: Int
    }
    struct Permutations: Decodable {
      let size: Int
      let drawn: [Order]
      let thenRand: [Float]
    }
    struct Normals: Decodable {
      let mean, deviation: Double
      let counts: [Int]
      let drawn: [[Float]]
      let thenRand: [Float]
    }
    let seed: UInt64
    let rand: [Float]
    let uniform: Uniform
    let permutations: [Permutations]
    let normals: [Normals]
  }

  @Test func uniformDrawsAreExact() throws {
    for golden in try Golden<Case>("random.json").cases {
      var generator = MersenneTwister(seed: golden.seed)
      #expect(golden.rand.map { _ in generator.uniform() } == golden.rand, "seed \(golden.seed)")
      generator = MersenneTwister(seed: golden.seed)
      let range = golden.uniform
      let drawn = range.values.map { _ in generator.uniform(range.lower, range.upper) }
      #expect(drawn == range.values, "seed \(golden.seed)")
    }
  }

  @Test func permutationsAreExact() throws {
    for golden in try Golden<Case>("random.json").cases {
      for expected in golden.permutations {
        var generator = MersenneTwister(seed: golden.seed)
        for order in expected.drawn {
          let drawn = generator.permutation(expected.size)
          #expect(Array(drawn.prefix(20)) == order.first, "seed \(golden.seed), \(expected.size)")
          let checksum = drawn.enumerated().map { $0 * Int($1) }.reduce(0, +)
          #expect(checksum == order.checksum, "seed \(golden.seed), \(expected.size)")
          #expect(drawn.sorted() == [Int32](0..<Int32(expected.size)))
        }
        let rest = expected.thenRand.map { _ in generator.uniform() }
        #expect(rest == expected.thenRand, "seed \(golden.seed), \(expected.size)")
      }
    }
  }

  /// Below 16 elements the draws are exact; from 16 on PyTorch's vectorised log, cos and sin
  /// differ in their last bits, by at most 2·10⁻⁶ of the deviation.
  @Test func normalDrawsFollowBothPaths() throws {
    for golden in try Golden<Case>("random.json").cases {
      for expected in golden.normals {
        var generator = MersenneTwister(seed: golden.seed)
        for (count, values) in zip(expected.counts, expected.drawn) {
          let drawn = generator.normal(
            count: count, mean: expected.mean, deviation: expected.deviation)
          let allowed = count < 16 ? 0 : 2e-6 * Float(expected.deviation)
          let far = zip(drawn, values).filter { !(abs($0 - $1) <= allowed) }
          #expect(
            drawn.count == values.count && far.isEmpty,
            "seed \(golden.seed), counts \(expected.counts), \(expected.deviation): \(far)"
          )
        }
        let rest = expected.thenRand.map { _ in generator.uniform() }
        #expect(rest == expected.thenRand, "seed \(golden.seed), counts \(expected.counts)")
      }
    }
  }

  @Test func theStateGoesOnWhereItWasTaken() throws {
    for used in [0, 1, 623, 624, 625, 2000] {
      var generator = MersenneTwister(seed: 7)
      for _ in 0..<used { _ = generator.next32() }
      // An odd count leaves the second half of a pair waiting.
      _ = generator.normal(count: 3, mean: 0, deviation: 1)
      var resumed = try #require(MersenneTwister(generator.state))
      let expected = generator.normal(count: 5, mean: 0, deviation: 1)
      #expect(resumed.normal(count: 5, mean: 0, deviation: 1) == expected, "after \(used)")
      #expect(resumed.next32() == generator.next32(), "after \(used)")
    }
  }

  /// What Swift's own functions draw from are two of PyTorch's draws.
  @Test func sixtyFourBitsAreTwoDraws() {
    var (wide, narrow) = (MersenneTwister(seed: 3), MersenneTwister(seed: 3))
    for _ in 0..<700 {
      let (high, low) = (UInt64(narrow.next32()), UInt64(narrow.next32()))
      let bits: UInt64 = wide.next()
      #expect(bits == high << 32 | low)
    }
  }

  @Test func permutationsOfNoneAndOneDrawNothing() {
    var generator = MersenneTwister(seed: 3)
    let before = generator
    #expect(generator.permutation(0).isEmpty && generator.permutation(1) == [0])
    #expect(generator == before)
  }

  @Test func aPermutationOfTooManyEndsTheProgram() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = MersenneTwister(seed: 3)
      _ = generator.permutation(Int(Int32.max) + 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("permutation of 2147483648 numbers"), "\(text)")
  }

  @Test func aStateThatCannotBeIsNil() {
    let good = MersenneTwister(seed: 1).state
    for (words, position) in [(623, 0), (625, 0), (0, 0), (624, -1), (624, 625), (624, Int.max)] {
      let state = MersenneTwister.State(
        words: [UInt32](repeating: 1, count: words), position: position, pendingNormal: nil)
      #expect(MersenneTwister(state) == nil, "\(words) words, position \(position)")
    }
    #expect(MersenneTwister(good) != nil)
  }
}
