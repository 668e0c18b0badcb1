import SkeinConfig
import SkeinData

/// Where a job's samples come from: a folder of shard files, the generator, or a program.
public enum JobDataset: Sendable {
  case folder(DatasetFolder)
  case synthetic(SyntheticDataset)
  case arrays(ArrayDataset)

  /// - Throws: `DataError` for a folder that is no dataset.
  public init(_ options: DataOptions) throws {
    if let synthetic = options.synthetic {
      self = .synthetic(synthetic)
    } else {
      self = .folder(try DatasetFolder(opening: options.path))
    }
  }

  public var manifest: Manifest {
    switch self {
    case .folder(let folder): folder.manifest
    case .synthetic(let synthetic): synthetic.manifest
    case .arrays(let arrays): arrays.manifest
    }
  }

  /// What tells this dataset from another one: a SHA-256 in hexadecimal.
  public var identity: String {
    switch self {
    case .folder(let folder): folder.identity
    case .synthetic(let synthetic): synthetic.identity
    case .arrays(let arrays): arrays.identity
    }
  }

  /// The file that messages about its splits name.
  var description: String {
    switch self {
    case .folder(let folder): "\(folder.path)/\(Manifest.fileName)"
    case .synthetic: "data.synthetic"
    case .arrays: "arrays of a program"
    }
  }

  /// Brings a split into memory; shard files are decoded by up to `threads` threads.
  ///
  /// - Parameter report: gets how many of the split's shards are loaded, and how many there are.
  /// - Throws: `DataError` with every fault of every shard file.
  public func load(
    _ split: String, threads: Int, isCancelled: @Sendable () -> Bool = { false },
    report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Split {
    switch self {
    case .folder(let folder):
      try folder.load(split, threads: threads, isCancelled: isCancelled, report: report)
    case .synthetic(let synthetic): try synthetic.load(split)
    case .arrays(let arrays): try arrays.load(split)
    }
  }
}
