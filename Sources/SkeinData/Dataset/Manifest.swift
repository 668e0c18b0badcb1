/// What `dataset.json` says: the one description of a dataset, beside its shard files.
public struct Manifest: Codable, Sendable, Equatable {
  /// The shape and type of every sample.
  public struct Sample: Codable, Sendable, Equatable {
    /// The dimensions of one sample, such as [28, 28].
    public var shape: [Int]
    /// The type that elements are stored in.
    public var type: ElementType

    /// - Parameters:
    ///   - shape: sizes above 0, at least one.
    ///   - type: what elements are stored as.
    public init(shape: [Int], type: ElementType) {
      self.shape = shape
      self.type = type
    }
  }

  /// One shard file: an IDX file in one zstd frame.
  public struct File: Codable, Sendable, Equatable {
    /// Its name, relative to the dataset folder.
    public var file: String
    /// Its size on disk.
    public var bytes: Int
    /// The size of the IDX file that it holds.
    public var rawBytes: Int
    /// The SHA-256 of the file on disk, 64 lower-case hexadecimal digits.
    public var sha256: String

    /// - Parameters:
    ///   - file: a relative path without `.` and `..`.
    ///   - bytes: the size on disk, > 0.
    ///   - rawBytes: the size unpacked, > 0.
    ///   - sha256: 64 lower-case hexadecimal digits.
    public init(file: String, bytes: Int, rawBytes: Int, sha256: String) {
      self.file = file
      self.bytes = bytes
      self.rawBytes = rawBytes
      self.sha256 = sha256
    }
  }

  /// A pair of shard files: samples and their labels.
  public struct Shard: Codable, Sendable, Equatable {
    /// The number of samples.
    public var count: Int
    /// The file of the samples, an array [count] + sample shape.
    public var images: File
    /// The file of their labels, an array [count] of integers.
    public var labels: File

    /// - Parameters:
    ///   - count: how many samples, > 0.
    ///   - images: their file.
    ///   - labels: the file of their labels.
    public init(count: Int, images: File, labels: File) {
      self.count = count
      self.images = images
      self.labels = labels
    }

    /// `count` samples of `bytes` in all, with a byte per label, which no file stands behind.
    init(unfiled count: Int, bytes: Int) {
      func file(_ bytes: Int) -> File { File(file: "", bytes: 0, rawBytes: bytes, sha256: "") }
      self.init(count: count, images: file(bytes), labels: file(count))
    }
  }

  /// The file's name in a dataset folder.
  public static let fileName = "dataset.json"
  /// How the names of shard files end.
  static let shardSuffix = ".idx.zst"

  /// The version of this description: 1.
  public var format: Int
  /// What the dataset is called.
  public var name: String
  /// The names of the classes; label `i` means `classes[i]`.
  public var classes: [String]
  /// What every sample looks like, in all splits.
  public var sample: Sample
  /// Where the data comes from, in the author's words.
  public var provenance: String?
  /// The shards of each split, in order.
  public var splits: [String: [Shard]]

  /// A manifest of format 1. Nothing is checked: `DatasetWriter.finish` does that.
  public init(
    name: String, classes: [String], sample: Sample, provenance: String?,
    splits: [String: [Shard]] = [:]
  ) {
    format = 1
    self.name = name
    self.classes = classes
    self.sample = sample
    self.provenance = provenance
    self.splits = splits
  }

  /// The names of the splits: `train` first, `test` second, then the others by name.
  public var splitNames: [String] {
    let known = ["train", "test"]
    return known.filter { splits[$0] != nil } + splits.keys.filter { !known.contains($0) }.sorted()
  }

  /// The shard files of some splits, in order; each once where a split is named twice.
  public func files(of names: some Sequence<String>) -> [File] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
      .flatMap { splits[$0] ?? [] }.flatMap { [$0.images, $0.labels] }
  }

  /// The sum of `sizes`, which files may have promised: the greatest number where it would not fit.
  public static func sum(_ sizes: some Sequence<Int>) -> Int {
    sizes.reduce(0) { ArrayShape.sum($0, $1) ?? .max }
  }

  /// The number of samples of a split; nil where there is none of that name.
  public func count(of split: String) -> Int? {
    splits[split].map { $0.reduce(0) { $0 + $1.count } }
  }
}
