import SkeinConfig
import SkeinData

/// Where a job's samples come from.
public enum JobDataset: Sendable {
  /// A folder of shard files.
  case folder(DatasetFolder)
  /// The generator of synthetic samples.
  case synthetic(SyntheticDataset)
  /// Samples in memory, from the calling program.
  case arrays(ArrayDataset)

  /// Opens the dataset that `options` name.
  ///
  /// - Throws: `DataError` for a folder that is no dataset, and for samples that a program had in
  ///   memory.
  public init(_ options: DataOptions) throws {
    if let synthetic = options.synthetic {
      self = .synthetic(synthetic)
      return
    }
    do {
      self = .folder(try DatasetFolder(opening: options.path))
    } catch is DataError where options.areArrays {
      throw DataError(
        DataFault(
          options.path, expected: "a dataset folder",
          found: "none, because the run's samples came from a program",
          advice: "that program goes on with the run; skein predict works without the samples, and "
            + "skein evaluate --data DIR takes a dataset"))
    }
  }

  /// What the dataset holds: its splits, the shape of its samples, and its classes.
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

  /// How messages about its splits name the dataset.
  var description: String {
    switch self {
    case .folder(let folder): "\(folder.path)/\(Manifest.fileName)"
    case .synthetic: "data.synthetic"
    case .arrays: "arrays of a program"
    }
  }

  /// Loads the split named `split` into memory. Up to `threads` threads decode shard files.
  ///
  /// - Parameters:
  ///   - split: the name of the split.
  ///   - threads: > 0.
  ///   - isCancelled: asked before each shard file.
  ///   - report: gets how many of the split's shard files are loaded, and how many there are.
  /// - Throws: `DataError` with every fault of every shard file, `FileSystemError` where reading
  ///   fails, `CancellationError` once cancelled.
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

  /// The label of each sample of the split named `split`. A folder's files of samples stay unread.
  ///
  /// - Throws: as `load`.
  /// - Precondition: targets are classes.
  func labels(of split: String) throws -> [Int32] {
    func labels(_ split: Split) -> [Int32] { (0..<split.count).map(split.label(at:)) }
    return switch self {
    case .folder(let folder): try folder.labels(of: split)
    case .synthetic(let synthetic): labels(try synthetic.load(split))
    case .arrays(let arrays): labels(try arrays.load(split))
    }
  }
}
