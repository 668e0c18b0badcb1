import Foundation
import Synchronization
import Testing

@testable import SkeinData
@testable import SkeinFiles

@Suite(.timeLimit(.minutes(5))) struct ShardThreadsTests {
  private func shards(_ sizes: [Int]) -> [Manifest.Shard] {
    sizes.map { Manifest.Shard(unfiled: 1, bytes: $0) }
  }

  @Test func shardsAreTakenBySize() {
    for (sizes, order) in [
      ([], []), ([5], [0]), ([1, 2, 3], [2, 1, 0]), ([3, 3, 3, 3], [0, 1, 2, 3]),
      ([2, 9, 2, 9, 1, 9], [1, 3, 5, 0, 2, 4]), ([.max, 1, .max], [0, 2, 1]),
    ] as [([Int], [Int])] {
      #expect(ShardThreads.largestFirst(shards(sizes)) == order, "\(sizes)")
    }
    // Each of the four sizes counts.
    for change in 0..<4 {
      var pair = shards([1, 1])
      switch change {
      case 0: pair[1].images.bytes += 1
      case 1: pair[1].images.rawBytes += 1
      case 2: pair[1].labels?.bytes += 1
      default: pair[1].labels?.rawBytes += 1
      }
      #expect(ShardThreads.largestFirst(pair) == [1, 0], "change \(change)")
    }
  }

  @Test func coresThatAreLeftOverHash() {
    for (count, shards, cores, decoding, hashing) in [
      (1, 7, 1, 1, 0), (1, 7, 2, 1, 1), (1, 7, 64, 1, 1), (2, 7, 2, 2, 0), (2, 7, 3, 2, 1),
      (2, 1, 2, 1, 1), (8, 3, 1, 3, 3), (8, 3, 4, 3, 3), (4, 3, 4, 3, 1), (64, 64, 2, 64, 0),
      (1, 0, 2, 0, 0),
    ] {
      let threads = ShardThreads(count, shards: shards, cores: cores)
      #expect(
        threads.decoding == decoding && threads.hashing == hashing,
        "\(count) threads, \(shards) shards, \(cores) cores: \(threads)")
    }
  }

  @Test func resultsStandInTheOrderOfTheShards() throws {
    let shards = shards([1, 5, 3, 9, 9])
    let order = Mutex<[Int]>([])
    let found = try ShardThreads(1, shards: 5, cores: 1).forEach(
      shards, isCancelled: { false }
    ) { index, _ in
      order.withLock { $0.append(index) }
      return index * 10
    }
    #expect(found == [0, 10, 20, 30, 40])
    #expect(order.withLock { $0 } == [3, 4, 1, 2, 0])
  }

  @Test func theErrorOfTheFirstShardIsThrown() {
    for threads in 1...3 {
      let error = #expect(throws: FileSystemError.self) {
        try ShardThreads(threads, shards: 4, cores: 1).forEach(
          shards([1, 2, 3, 4]), isCancelled: { false }
        ) { index, _ in
          if index > 0 { throw FileSystemError("read", "\(index)", code: EIO) }
        }
      }
      #expect(error?.path == "1", "\(threads) threads")
    }
  }

  @Test func cancellingEndsIt() {
    let done = Atomic<Int>(0)
    #expect(throws: CancellationError.self) {
      try ShardThreads(2, shards: 9, cores: 1).forEach(
        shards([Int](repeating: 1, count: 9)),
        isCancelled: { done.load(ordering: .relaxed) >= 3 }
      ) { _, _ in done.add(1, ordering: .relaxed) }
    }
    #expect((3...4).contains(done.load(ordering: .relaxed)))
  }
}
