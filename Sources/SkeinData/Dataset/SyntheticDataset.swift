import SkeinFiles
import SkeinRandom

/// A dataset that is drawn and not read: samples of any shape for jobs that measure speed.
///
/// Every class has a pattern of random bytes, and a sample is random bytes AND its class's pattern:
/// as dark as photos are, and learnable, since a bit that its pattern lacks is 0 in all its
/// samples. It has the splits `train` and `test`, of a sixth as many samples, as MNIST has.
public struct SyntheticDataset: Sendable, Equatable {
  /// The dimensions of one sample, such as [28, 28].
  public let shape: [Int]
  /// How many classes there are, > 0; a label is below it.
  public let classCount: Int
  /// Samples of the split `train`.
  public let sampleCount: Int

  /// A seed of its own, so that no job's weights are drawn from the same numbers.
  private static let seed: UInt64 = 0x5ee0

  /// - Precondition: all numbers are positive, and the bytes of all samples can be counted.
  public init(shape: [Int], classCount: Int, sampleCount: Int) {
    require(
      shape.allSatisfy { $0 > 0 } && classCount > 0 && sampleCount > 0
        && ArrayShape.product(shape + [sampleCount, 2]) != nil,
      "\(sampleCount) samples of \(shape) in \(classCount) classes")
    self.shape = shape
    self.classCount = classCount
    self.sampleCount = sampleCount
  }

  /// What a `dataset.json` would say: no file stands behind its shards.
  public var manifest: Manifest {
    func shards(_ count: Int) -> [Manifest.Shard] {
      [Manifest.Shard(unfiled: count, bytes: count * shape.reduce(1, *))]
    }
    return Manifest(
      name: "synthetic", classes: (0..<classCount).map(String.init),
      sample: Manifest.Sample(shape: shape, type: .uint8), provenance: "drawn at random",
      splits: ["train": shards(sampleCount), "test": shards(testCount)])
  }

  private var testCount: Int { (sampleCount + 5) / 6 }

  /// What tells this dataset from another one, in hexadecimal.
  public var identity: String {
    SHA256.hexadecimal(
      of: Array("skein synthetic 1 \(shape) \(classCount) \(sampleCount)".utf8))
  }

  /// Draws a split: its patterns, then its labels, balanced (±1) and in random order, then its
  /// samples. O(elements), four of them from each number of the generator.
  ///
  /// - Throws: `DataError` where there is no such split, and for samples that do not fit into
  ///   memory, `FileSystemError` where the process is given too little.
  public func load(_ split: String) throws -> Split {
    guard let count = manifest.count(of: split) else {
      throw DataError(
        "synthetic samples", at: "splits", expected: "a split \"\(split)\"",
        found: "\"train\", \"test\"")
    }
    let size = shape.reduce(1, *)
    var generator = MersenneTwister(seed: Self.seed)
    let patterns = (0..<classCount * size).map { _ in UInt8(truncatingIfNeeded: generator.next32())
    }
    if split == "test" { generator = MersenneTwister(seed: Self.seed + 1) }
    let labels = generator.permutation(count).map { $0 % Int32(classCount) }
    // Drawn where they stay: a copy would take the memory of all samples twice.
    let storage = try SampleStorage(
      type: .uint8, byteCount: count * size, name: "synthetic samples")
    let room = storage.bytes
    var word: UInt32 = 0
    var at = 0
    for label in labels {
      for place in (Int(label) * size)..<((Int(label) + 1) * size) {
        word = at % 4 == 0 ? generator.next32() : word >> 8
        room[at] = UInt8(truncatingIfNeeded: word) & patterns[place]
        at += 1
      }
    }
    return Split(
      name: split, sampleShape: shape, storage: storage,
      targets: .labels(labels, classes: classCount), origin: nil)
  }
}
