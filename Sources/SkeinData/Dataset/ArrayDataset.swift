import SkeinFiles

/// Samples of a program's own, in the place of a dataset's folder.
public struct ArrayDataset: Sendable {
  /// What messages and reports call the dataset and its classes; label `i` means `classes[i]`.
  public let name: String
  public let classes: [String]
  public let train: Split
  /// What is evaluated after an epoch; nil for nothing.
  public let test: Split?

  /// - Parameters:
  ///   - classes: a name for each class; nil for their numbers.
  ///   - train: the samples to train on.
  ///   - test: samples to evaluate on.
  /// - Precondition: both splits have samples of one shape and type in the same classes, and names
  ///   of their own.
  public init(
    name: String = "arrays", classes: [String]? = nil, train: Split, test: Split? = nil
  ) {
    let classes = classes ?? (0..<train.classCount).map(String.init)
    require(
      classes.count == train.classCount,
      "\(classes.count) names for \(train.classCount) classes")
    for split in [train] + (test.map { [$0] } ?? []) {
      require(
        split.count > 0 && split.sampleShape == train.sampleShape
          && split.classCount == train.classCount && split.elementType == train.elementType,
        "\(split.count) samples of \(split.sampleShape) \(split.elementType) in "
          + "\(split.classCount) classes beside \(train.count) of \(train.sampleShape) "
          + "\(train.elementType) in \(train.classCount)")
    }
    require(test?.name != train.name, "two splits of the name \(train.name)")
    self.name = name
    self.classes = classes
    self.train = train
    self.test = test
  }

  private var splits: [Split] { [train] + (test.map { [$0] } ?? []) }

  /// What a `dataset.json` would say: no file stands behind its shards.
  public var manifest: Manifest {
    func file(_ bytes: Int) -> Manifest.File {
      Manifest.File(file: "", bytes: 0, rawBytes: bytes, sha256: "")
    }
    return Manifest(
      name: name, classes: classes,
      sample: Manifest.Sample(shape: train.sampleShape, type: train.elementType),
      provenance: "arrays of a program",
      splits: Dictionary(
        uniqueKeysWithValues: splits.map { split in
          let bytes = split.storage.bytes.count
          return (
            split.name,
            [Manifest.Shard(count: split.count, images: file(bytes), labels: file(split.count))]
          )
        }))
  }

  /// What tells these samples from others: a SHA-256 in hexadecimal over all of them. O(elements).
  public var identity: String {
    let hash = SHA256()
    hash.update(Array("skein arrays 1 \(train.sampleShape) \(train.elementType)".utf8))
    for name in classes { hash.update(Array("\(name.utf8.count) \(name)".utf8)) }
    for split in splits {
      hash.update(Array("\(split.name.utf8.count) \(split.name) \(split.count)".utf8))
      hash.update(UnsafeRawBufferPointer(split.storage.bytes))
      split.withLabels { hash.update(UnsafeRawBufferPointer($0)) }
    }
    return hash.hexadecimal
  }

  /// The split of that name.
  ///
  /// - Throws: `DataError` where there is none.
  public func load(_ name: String) throws -> Split {
    guard let split = splits.first(where: { $0.name == name }) else {
      throw DataError(
        "arrays of a program", at: "splits", expected: "a split \"\(name)\"",
        found: splits.map { "\"\($0.name)\"" }.joined(separator: ", "))
    }
    return split
  }
}
