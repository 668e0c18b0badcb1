import Testing

@testable import SkeinData

@Suite struct DatasetRoundTripTests {
  @Test func smallDatasetComesBackForEveryShardSizeAndThreadCount() throws {
    for count in 1...9 {
      for perShard in 1...(count + 1) {
        let scratch = try Scratch()
        let path = scratch.file("set")
        try Sample.dataset(at: path, count: count, perShard: perShard)
        let folder = try DatasetFolder(opening: path)
        #expect(folder.manifest.count(of: "train") == count)
        for threads in [1, 2, 3, 8] {
          let split = try folder.load("train", threads: threads)
          let (samples, labels) = split.everything()
          #expect(
            samples == Sample.elements(count).map(Float.init) && labels == Sample.labels(count),
            "\(count) samples, \(perShard) a shard, \(threads) threads")
          var origin = split.origin
          #expect(try origin?.check().isEmpty == true)
        }
      }
    }
  }
}
