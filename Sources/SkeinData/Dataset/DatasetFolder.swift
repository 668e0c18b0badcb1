import SkeinFiles

/// A dataset on disk: a folder with `dataset.json` and shard files.
public struct DatasetFolder: Sendable {
  /// The folder as it was named.
  public let path: String
  /// What its `dataset.json` says, checked.
  public let manifest: Manifest

  /// Opens the dataset folder at `path`, which may be a symbolic link, and reads its manifest.
  ///
  /// - Throws: `DataError` where there is no dataset, or a manifest with faults: all of them.
  public init(opening path: String) throws {
    manifest = try ManifestFile.read(from: Folder(path: path))
    self.path = path
  }

  /// What tells this dataset from another one: the SHA-256, in hexadecimal, over everything that
  /// the manifest promises but its provenance and file names: name, classes, shape, type, and each
  /// split's counts and shard hashes; of a table also its features. O(manifest).
  public var identity: String {
    let hash = SHA256()
    // Each text is preceded by its length, so that no two manifests give the same bytes.
    func add(_ text: String) {
      hash.update(Array("\(text.utf8.count):\(text)\n".utf8))
    }
    add(manifest.targets == nil ? "skein dataset 1" : "skein dataset 2")
    add(manifest.name)
    add("\(manifest.classes.count)")
    manifest.classes.forEach(add)
    if let targets = manifest.targets {
      add("\(targets.shape)")
      add(targets.type.rawValue)
      targets.names.forEach(add)
      for numbers in [targets.mean, targets.deviation] { add("\(numbers ?? [])") }
    }
    add("\(manifest.sample.shape)")
    add(manifest.sample.type.rawValue)
    for feature in manifest.features ?? [] {
      add(feature.name)
      add(feature.kind.rawValue)
      add("\(feature.mean ?? 0) \(feature.deviation ?? 0) \(feature.hasMissing)")
      add("\(feature.levels?.count ?? 0)")
      feature.levels?.forEach(add)
    }
    for name in manifest.splitNames {
      let shards = manifest.splits[name] ?? []
      add(name)
      add("\(shards.count)")
      for shard in shards {
        add("\(shard.count)")
        shard.files.map(\.sha256).forEach(add)
      }
    }
    return hash.hexadecimal
  }

  /// Looks whether the shard files of `splits` are there, regular, and as long as the manifest
  /// says, without reading them. An `open` per file.
  ///
  /// - Throws: `DataError` with every file for which that does not hold, `FileSystemError`.
  public func checkFiles(of splits: [String]) throws {
    let folder = try Folder(path: path)
    _ = try DataError.gather(manifest.files(of: splits)) {
      _ = try ShardReader.open($0, in: folder, hashing: false)
    }
  }

  /// The shards of a split.
  ///
  /// - Throws: `DataError` that names the splits there are.
  func shards(of split: String) throws -> [Manifest.Shard] {
    guard let shards = manifest.splits[split] else {
      let names = manifest.splitNames.map { "\"\($0)\"" }.joined(separator: ", ")
      throw DataError(
        "\(path)/\(Manifest.fileName)", at: "splits", expected: "a split \"\(split)\"",
        found: names)
    }
    return shards
  }
}
