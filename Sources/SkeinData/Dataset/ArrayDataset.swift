import SkeinFiles

/// Samples of a program's own, in the place of a dataset's folder.
public struct ArrayDataset: Sendable {
  /// The name of the dataset in messages and reports.
  public let name: String
  /// The names of the classes: label `i` means `classes[i]`. None where targets are values.
  public let classes: [String]
  /// The names of the outputs, and how targets are standardised; nil where they are classes.
  public let targets: ValueTargets?
  /// The samples to train on.
  public let train: Split
  /// What is evaluated after an epoch; nil for nothing.
  public let test: Split?
  /// What tells these samples from others: a SHA-256 in hexadecimal over all of them.
  public let identity: String

  /// O(elements): all of them are hashed.
  ///
  /// - Parameters:
  ///   - classes: a name for each class; nil for their numbers.
  ///   - targets: how targets are standardised that are values, as `train.standardised()` says;
  ///     nil for as the training split says, whose targets by default stay as they are.
  ///   - train: the samples to train on.
  ///   - test: samples to evaluate on.
  /// - Precondition: both splits have samples of one shape and type in the same classes, and names
  ///   of their own.
  public init(
    name: String = "arrays", classes: [String]? = nil, targets: ValueTargets? = nil, train: Split,
    test: Split? = nil
  ) {
    let targets = targets ?? train.valueTargets
    require(
      targets?.count == train.valueTargets?.count,
      "targets \(targets?.names ?? []) for a split with \(train.target)")
    let classes = classes ?? (0..<train.classCount).map(String.init)
    require(
      classes.count == train.classCount,
      "\(classes.count) names for \(train.classCount) classes")
    let splits = Self.splits(train, test)
    for split in splits {
      require(
        split.count > 0 && split.sampleShape == train.sampleShape
          && split.target == train.target && split.elementType == train.elementType,
        "\(split.count) samples of \(split.sampleShape) \(split.elementType) with "
          + "\(split.target) beside \(train.count) of \(train.sampleShape) "
          + "\(train.elementType) with \(train.target)")
    }
    require(test?.name != train.name, "two splits of the name \(train.name)")
    self.name = name
    self.classes = classes
    self.targets = targets
    self.train = train
    self.test = test
    identity = Self.identity(classes, targets, splits)
  }

  private static func splits(_ train: Split, _ test: Split?) -> [Split] {
    [train] + (test.map { [$0] } ?? [])
  }

  private var splits: [Split] { Self.splits(train, test) }

  /// What a `dataset.json` would say: no file stands behind its shards.
  public var manifest: Manifest {
    let sample = Manifest.Sample(shape: train.sampleShape, type: train.elementType)
    let shards = Dictionary(
      uniqueKeysWithValues: splits.map { split in
        (
          split.name,
          [
            Manifest.Shard(
              unfiled: split.count, bytes: split.storage.bytes.count, outputs: targets?.count,
              hasWeights: split.hasWeights)
          ]
        )
      })
    let provenance = "arrays of a program"
    guard let targets else {
      return Manifest(
        name: name, classes: classes, sample: sample, provenance: provenance, splits: shards)
    }
    return Manifest(
      name: name, values: targets, sample: sample, provenance: provenance, splits: shards)
  }

  private static func identity(
    _ classes: [String], _ targets: ValueTargets?, _ splits: [Split]
  ) -> String {
    let hash = SHA256()
    if let targets {
      hash.update(Array("skein values 1 \(targets.mean ?? []) \(targets.deviation ?? [])".utf8))
      for name in targets.names { hash.update(Array("\(name.utf8.count) \(name)".utf8)) }
    }
    hash.update(Array("skein arrays 1 \(splits[0].sampleShape) \(splits[0].elementType)".utf8))
    for name in classes { hash.update(Array("\(name.utf8.count) \(name)".utf8)) }
    for split in splits {
      hash.update(Array("\(split.name.utf8.count) \(split.name) \(split.count)".utf8))
      hash.update(UnsafeRawBufferPointer(split.storage.bytes))
      split.withTargetBytes { hash.update($0) }
      // Behind a mark, so that samples without weights keep the identity that they had before.
      split.weights?.withUnsafeBytes {
        hash.update(Array("skein weights 1".utf8))
        hash.update($0)
      }
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
