import SkeinModel
import Testing

@testable import SkeinFiles
@testable import SkeinKernels
@testable import SkeinTraining

@Suite struct ReducerTests {
  /// Different numbers in every sum: a reducer that returns one of them unchanged fails.
  private func value(_ sum: Int, _ element: Int) -> Float {
    Float(sum + 1) * 0.3 + Float(element % 97) * 0.7
  }

  @Test(arguments: 1...17)
  func theMeanOfAllSums(count: Int) {
    for elements in [1, 15, 16, 2048, 2049, 5000] {
      let stride = elements + 7
      let sums = FloatBuffer(count: count * stride)
      for sum in 0..<count {
        sums[(sum * stride)..<(sum * stride + elements)] = (0..<elements).map { value(sum, $0) }
      }
      TreeReducer().reduce(sums, stride: stride, sumCount: count, divisor: 37, count: elements)
      for (i, found) in sums[0..<elements].enumerated() {
        let expected = (0..<count).map { Double(value($0, i)) }.reduce(0, +) / 37
        // Five levels of additions and a division round at most 6 times.
        #expect(abs(Double(found) - expected) <= 6 * 0x1p-24 * expected, "\(count), \(i)")
      }
    }
  }

  @Test func theTreeAddsNeighboursFirst() {
    // In Float, 2^24 + 1 is 2^24: from left to right the ones would vanish one by one.
    let values: [Float] = [0x1p24, 1, 1, 1]
    #expect(values.reduce(0, +) != (values[0] + values[1]) + (values[2] + values[3]))
    let sums = FloatBuffer(count: 4)
    sums[0..<4] = values
    TreeReducer().reduce(sums, stride: 1, sumCount: 4, divisor: 1, count: 1)
    let tree: Float = (values[0] + values[1]) + (values[2] + values[3])
    #expect(sums[0..<1] == [tree])
  }

  /// Every parameter is in exactly one block of one item, whatever the network.
  @Test(arguments: [[3, 2], [784, 16, 16, 10], [784, 256, 128, 10], [1, 1, 1], [2048, 130, 7]])
  func thePartitionCoversEachParameterOnce(widths: [Int]) {
    for activation in [Activation.relu, .parametricRelu] {
      let layout = Network(
        inputs: widths[0], hidden: Array(widths[1..<(widths.count - 1)]),
        outputs: widths[widths.count - 1], activation: activation
      ).layout
      for sums in [1, 4, 8, 64] {
        let partition = ParameterPartition(layout, sums: sums)
        #expect(partition.items.flatMap { Array($0) } == Array(partition.blocks.indices))
        var seen = [Int](repeating: 0, count: layout.bufferCount)
        for (parameter, block) in partition.blocks {
          let entry = layout.entries[parameter]
          #expect(block.count <= partition.roomForBlock)
          let room = Double(sums * partition.roomForBlock)
          #expect(room <= ParameterPartition.room(sums: Double(sums)))
          for row in 0..<block.rows {
            for column in 0..<block.columns {
              let place = block.start + row * block.stride + column
              #expect(entry.range.contains(place))
              seen[place] += 1
            }
          }
        }
        let expected = (0..<layout.bufferCount).map { place in
          layout.entries.contains { $0.range.contains(place) } ? 1 : 0
        }
        #expect(seen == expected, "\(widths), \(sums)")
      }
    }
  }

  @Test func batchShardsCoverABatchEvenly() {
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
