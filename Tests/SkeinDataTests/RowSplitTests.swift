import SkeinRandom
import Testing

@testable import SkeinData

@Suite struct RowSplitTests {
  private func heldOut(_ count: Int, share: Double, seed: UInt64 = 0) -> [Int] {
    var split = RowSplit(share: share, seed: seed)
    return (0..<count).filter { _ in split.next() }
  }

  /// As many as the share says, up to one, for every number of rows.
  @Test(arguments: [1e-6, 0.01, 0.1, 0.2, 0.25, 1.0 / 3, 0.5, 0.6, 0.8, 0.9, 0.999])
  func sharesAreKept(share: Double) {
    var split = RowSplit(share: share, seed: 5)
    var held = 0
    for row in 1...5000 {
      if split.next() { held += 1 }
      #expect(abs(Double(held) - share * Double(row)) <= 1.000001, "\(held) of \(row), \(share)")
    }
  }

  /// The rule as it is written down, computed in another way.
  @Test(arguments: [0.2, 0.3, 0.75], [0, 7, UInt64(1) << 32])
  func theRuleIsTheOneThatIsWrittenDown(share: Double, seed: UInt64) {
    let groups = Dictionary(grouping: 0..<2000) { Int(Double($0) * share) }
    var generator = MersenneTwister(seed: seed)
    let whole = groups.keys.sorted().dropLast()
    let expected = whole.map { group in
      let rows = groups[group]!.sorted()
      return rows[Int(generator.next32()) % rows.count]
    }
    let found = heldOut(2000, share: share, seed: seed)
    #expect(Array(found.prefix(expected.count)) == expected)
  }

  @Test func furtherRowsChangeNothingBefore() {
    let many = heldOut(1000, share: 0.2)
    for count in [0, 1, 4, 5, 99, 998] {
      #expect(heldOut(count, share: 0.2) == many.filter { $0 < count })
    }
  }

  @Test func seedsDiffer() {
    #expect(heldOut(500, share: 0.2, seed: 1) != heldOut(500, share: 0.2, seed: 2))
    #expect(heldOut(500, share: 0) == [])
  }
}
