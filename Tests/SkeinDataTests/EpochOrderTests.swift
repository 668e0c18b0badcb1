import SkeinData
import SkeinRandom
import Testing

@Suite struct EpochOrderTests {
  /// Batches hold every sample once, or with `dropLast` all but a remainder of the same order.
  @Test(arguments: [1, 2, 7, 20, 21, 50])
  func everySampleComesOnce(batchSize: Int) {
    for count in [1, 2, 19, 20, 21, 40] {
      var orders: [[Int32]] = []
      for dropLast in [false, true] {
        var generator = MersenneTwister(seed: 3)
        let order = EpochOrder(
          count: count, batchSize: batchSize, dropLast: dropLast, from: &generator)
        let batches = (0..<order.batchCount).map { order.batch($0) }
        let sizes = batches.map { Array($0.numbers).count }
        #expect(sizes.dropLast().allSatisfy { $0 == batchSize })
        #expect(!dropLast || sizes.allSatisfy { $0 == batchSize })
        for (batch, following) in zip(batches, batches.dropFirst()) {
          #expect(Array(batch.next) == Array(following.numbers))
        }
        if let last = batches.last { #expect(Array(last.next).isEmpty) }
        orders.append(batches.flatMap { Array($0.numbers) })
        #expect(
          order.batchCount
            == EpochOrder.batchCount(of: count, batchSize: batchSize, dropLast: dropLast))
      }
      #expect(orders[0].sorted() == (0..<Int32(count)).map { $0 })
      #expect(orders[1] == Array(orders[0].prefix(count / batchSize * batchSize)))
    }
  }

  /// Rows of a source's own stay as they are: repeats, gaps, none at all.
  @Test(arguments: [[], [4], [3, 3, 3], [9, 1, 9, 1, 5]] as [[Int32]], [false, true])
  func rowsOfOnesOwnAreCutIntoBatches(rows: [Int32], dropLast: Bool) {
    for batchSize in 1...6 {
      let order = EpochOrder(rows, batchSize: batchSize, dropLast: dropLast)
      let batches = (0..<order.batchCount).map { order.batch($0).array }
      let used = dropLast ? rows.count / batchSize * batchSize : rows.count
      #expect(Array(batches.joined()) == Array(rows.prefix(used)))
      #expect(order.rows == rows)
      for count in 0...order.batchCount {
        let expected = batches.prefix(count).map(\.count).reduce(0, +)
        #expect(order.sampleCount(ofFirst: count) == expected)
      }
    }
  }

  /// The next epoch has another order, and so has another seed; the same seed has the same.
  @Test func epochsAndSeedsDiffer() {
    func orders(_ seed: UInt64) -> [[Int32]] {
      var generator = MersenneTwister(seed: seed)
      return (0..<3).map { _ in
        let order = EpochOrder(count: 40, batchSize: 8, dropLast: false, from: &generator)
        return withExtendedLifetime(order) { Array(order.rows) }
      }
    }
    let (first, second) = (orders(3), orders(4))
    #expect(first == orders(3))
    #expect(Set(first + second).count == 6)
  }
}
