import Testing

@testable import SkeinBenchmark
@testable import SkeinFiles

/// Order statistics against numbers worked out by hand (and NumPy's `quantile`).
@Suite struct StatisticsTests {
  @Test func quartilesLieBetweenNeighbours() throws {
    let odd = try #require(Statistics([5, 1, 4, 2, 3]))
    #expect((odd.minimum, odd.lowerQuartile, odd.median) == (1, 2, 3))
    #expect((odd.upperQuartile, odd.maximum, odd.count) == (4, 5, 5))
    #expect(odd.spread == 2.0 / 3)
    let even = try #require(Statistics([10, 40, 20, 30]))
    #expect((even.lowerQuartile, even.median, even.upperQuartile) == (17.5, 25, 32.5))
    #expect(even.spread == 0.6)
  }

  @Test func oneDisturbedValueMovesTheMedianLittle() throws {
    let calm = try #require(Statistics([100, 101, 99, 100, 102]))
    let disturbed = try #require(Statistics([100, 101, 99, 100, 1]))
    #expect(calm.median == 100 && disturbed.median == 100)
  }

  @Test func fewAndEqualValues() throws {
    let one = try #require(Statistics([7]))
    #expect((one.median, one.lowerQuartile, one.upperQuartile, one.spread) == (7, 7, 7, 0))
    #expect(try #require(Statistics([3, 3, 3])).spread == 0)
    #expect(try #require(Statistics([0, 0])).spread == 0)
    #expect(Statistics([]) == nil)
    #expect(Statistics([1, .nan]) == nil)
    #expect(Statistics([1, .infinity]) == nil)
  }
}
