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

  /// What the targets are where they are values: so many numbers per sample.
  public struct Targets: Codable, Sendable, Equatable {
    /// The dimensions of one sample's target: [k] for k outputs.
    public var shape: [Int]
    /// The type that targets are stored in. They are read as `Float`.
    public var type: ElementType
    /// The name of each output.
    public var names: [String]
    /// The mean of each output over the split `train`; nil where targets stay as they are.
    public var mean: [Double]?
    /// The standard deviation of each output over the split `train`, likewise.
    public var deviation: [Double]?

    /// What `values` says, of targets stored as float32.
    public init(_ values: ValueTargets) {
      shape = [values.count]
      type = .float32
      (names, mean, deviation) = (values.names, values.mean, values.deviation)
    }

    /// The names, and how targets are standardised.
    public var values: ValueTargets {
      get { ValueTargets(names: names, mean: mean, deviation: deviation) }
      set { (names, mean, deviation) = (newValue.names, newValue.mean, newValue.deviation) }
    }
  }

  /// Shard files that belong together: samples, their targets, and their weights if they have some.
  public struct Shard: Codable, Sendable, Equatable {
    /// The number of samples.
    public var count: Int
    /// The file of the samples, an array [count] + sample shape.
    public var images: File
    /// The file of their labels, an array [count] of integers; nil where targets are values.
    public var labels: File?
    /// The file of their values, an array [count, outputs]; nil where targets are classes.
    public var targets: File?
    /// The file of their weights, an array [count] of float32; nil where all count the same.
    /// Version 2.
    public var weights: File?

    /// - Parameters:
    ///   - count: how many samples, > 0.
    ///   - images: their file.
    ///   - labels: the file of their labels.
    ///   - targets: the file of their values, in place of labels.
    ///   - weights: the file of their weights.
    public init(
      count: Int, images: File, labels: File? = nil, targets: File? = nil, weights: File? = nil
    ) {
      self.count = count
      self.images = images
      self.labels = labels
      self.targets = targets
      self.weights = weights
    }

    /// The shard's files: that of the samples, then that of their targets, then that of weights.
    public var files: [File] { [images] + [labels, targets, weights].compactMap(\.self) }

    /// `count` samples of `bytes` in all, with a byte per label or with `outputs` values, which no
    /// file stands behind.
    init(unfiled count: Int, bytes: Int, outputs: Int? = nil, hasWeights: Bool = false) {
      func file(_ bytes: Int) -> File { File(file: "", bytes: 0, rawBytes: bytes, sha256: "") }
      self.init(
        count: count, images: file(bytes), labels: outputs == nil ? file(count) : nil,
        targets: outputs.map { file(4 * count * $0) },
        weights: hasWeights ? file(4 * count) : nil)
    }
  }

  /// The file's name in a dataset folder.
  public static let fileName = "dataset.json"
  /// How the names of shard files end.
  static let shardSuffix = ".idx.zst"

  /// The version of this description: 1, or 2 where the keys of version 2 are used.
  public var format: Int
  /// What the dataset is called.
  public var name: String
  /// The names of the classes; label `i` means `classes[i]`. None where targets are values.
  public var classes: [String]
  /// What the targets are where they are values; nil where they are classes.
  public var targets: Targets?
  /// What every sample looks like, in all splits.
  public var sample: Sample
  /// Where the data comes from, in the author's words.
  public var provenance: String?
  /// The columns of the table that the samples were made of, in the order of their elements; nil
  /// where they were made of something else. Version 2.
  public var features: [Feature]?
  /// What else is known of that table. Version 2.
  public var table: TableOrigin?
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

  /// A manifest of format 2, of samples whose targets are `values`. Nothing is checked.
  public init(
    name: String, values: ValueTargets, sample: Sample, provenance: String?,
    splits: [String: [Shard]] = [:]
  ) {
    self.init(name: name, classes: [], sample: sample, provenance: provenance, splits: splits)
    format = 2
    targets = Targets(values)
  }

  /// The keys of the file.
  enum CodingKeys: String, CodingKey {
    case format, name, classes, targets, sample, provenance, features, table, splits
  }

  /// Reads a manifest. Classes may be missing only where there are targets.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    format = try container.decode(Int.self, forKey: .format)
    name = try container.decode(String.self, forKey: .name)
    targets = try container.decodeIfPresent(Targets.self, forKey: .targets)
    classes =
      targets == nil
      ? try container.decode([String].self, forKey: .classes)
      : try container.decodeIfPresent([String].self, forKey: .classes) ?? []
    sample = try container.decode(Sample.self, forKey: .sample)
    provenance = try container.decodeIfPresent(String.self, forKey: .provenance)
    features = try container.decodeIfPresent([Feature].self, forKey: .features)
    table = try container.decodeIfPresent(TableOrigin.self, forKey: .table)
    splits = try container.decode([String: [Shard]].self, forKey: .splits)
  }

  /// Writes the keys that have a value; `classes` only where targets are classes.
  ///
  /// - Throws: `EncodingError`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(format, forKey: .format)
    try container.encode(name, forKey: .name)
    if targets == nil { try container.encode(classes, forKey: .classes) }
    try container.encodeIfPresent(targets, forKey: .targets)
    try container.encode(sample, forKey: .sample)
    try container.encodeIfPresent(provenance, forKey: .provenance)
    try container.encodeIfPresent(features, forKey: .features)
    try container.encodeIfPresent(table, forKey: .table)
    try container.encode(splits, forKey: .splits)
  }

  /// What the targets are: classes, or values.
  public var target: TargetKind {
    targets.map { .values($0.names.count) } ?? .classes(classes.count)
  }

  /// The names of the splits: `train` first, `test` second, then the others by name.
  public var splitNames: [String] {
    let known = ["train", "test"]
    return known.filter { splits[$0] != nil } + splits.keys.filter { !known.contains($0) }.sorted()
  }

  /// Whether the samples of a split have weights.
  public func hasWeights(_ split: String) -> Bool {
    splits[split]?.contains { $0.weights != nil } ?? false
  }

  /// The shard files of some splits, in order; each once where a split is named twice.
  public func files(of names: some Sequence<String>) -> [File] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
      .flatMap { splits[$0] ?? [] }.flatMap(\.files)
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
