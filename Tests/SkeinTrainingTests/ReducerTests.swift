import SkeinAutograd
import Testing

@testable import SkeinTraining

@Suite struct ReducerTests {
  /// Different numbers in every sum: a reducer that returns one of them unchanged fails.
  private func sums(_ count: Int, of elements: Int) -> [FloatBuffer] {
    (0..<count).map { k in
      let buffer = FloatBuffer(count: elements)
      buffer[0..<elements] = (0..<elements).map { Float(k + 1) * 0.3 + Float($0 % 97) * 0.7 }
      return buffer
    }
  }

  @Test(arguments: 1...17)
  func theMeanOfAllSums(count: Int) {
    for elements in [1, 15, 16, 2048, 2049, 5000] {
      let buffers = sums(count, of: elements)
      let expected = (0..<elements).map { i in
        buffers.map { Double($0[i..<(i + 1)][0]) }.reduce(0, +) / 37
      }
      TreeReducer().reduce(buffers[...], samples: 37, range: 0..<elements)
      for (i, value) in buffers[0][0..<elements].enumerated() {
        // Five levels of additions and a division round at most 6 times.
        #expect(abs(Double(value) - expected[i]) <= 6 * 0x1p-24 * expected[i], "\(count), \(i)")
      }
    }
  }

  @Test func slicesGiveTheBitsOfTheWhole() {
    let (whole, sliced) = (sums(6, of: 4099), sums(6, of: 4099))
    TreeReducer().reduce(whole[...], samples: 11, range: 0..<4099)
    for slice in [0..<7, 7..<2500, 2500..<4099] {
      TreeReducer().reduce(sliced[...], samples: 11, range: slice)
    }
    #expect(whole[0][0..<4099] == sliced[0][0..<4099])
  }

  @Test func theTreeAddsNeighboursFirst() {
    // In Float, 2^24 + 1 is 2^24: from left to right the ones would vanish one by one.
    let values: [Float] = [0x1p24, 1, 1, 1]
    #expect(values.reduce(0, +) != (values[0] + values[1]) + (values[2] + values[3]))
    let buffers = values.map { value in
      let buffer = FloatBuffer(count: 1)
      buffer[0..<1] = [value]
      return buffer
    }
    TreeReducer().reduce(buffers[...], samples: 1, range: 0..<1)
    let tree: Float = (values[0] + values[1]) + (values[2] + values[3])
    #expect(buffers[0][0..<1] == [tree])
  }

  @Test func theCutCoversABatchWithEvenPieces() {
    for count in 1...9 {
      let shards = BatchShards(count: count)
      for samples in 0...40 {
        let ranges = (0..<shards.count(of: samples)).map { shards.range($0, of: samples) }
        #expect(ranges.flatMap { Array($0) } == Array(0..<samples), "\(count), \(samples)")
        let sizes = ranges.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        #expect(!sizes.contains(0))
      }
    }
  }
}

extension ReducerTests {
  /// The rule on the four workloads that it was measured on, and at its edges.
  @Test(arguments: [
    (20, 533, 1), (32, 12_970, 2), (128, 235_146, 4), (64, 235_146, 4), (1024, 5_824_522, 4),
    (2048, 5_824_522, 8),
    (1, 1_000_000, 1), (31, 1_000_000_000, 1), (1_000_000, 1, 4), (4096, 12_970, 8),
  ])
  func automaticBatchShards(batchSize: Int, parameters: Int, count: Int) {
    let shards = BatchShards.automatic(batchSize: batchSize, parameters: Double(parameters))
    #expect(shards.count == count)
  }
}
