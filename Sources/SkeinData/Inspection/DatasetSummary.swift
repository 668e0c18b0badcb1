import SkeinFiles

/// What is in a dataset, for people and for programs.
public struct DatasetSummary: Sendable, Codable, Equatable {
  /// One split.
  public struct SplitSummary: Sendable, Codable, Equatable {
    /// The split's name.
    public let name: String
    /// How many samples it has.
    public let samples: Int
    /// Samples of each class, in the order of the classes; none where targets are values.
    public let samplesPerClass: [Int]
    /// The range of each output's values, in the order of the outputs; nil where targets are
    /// classes.
    public let targetValues: [ElementStatistics]?
    /// The range of its samples' weights; nil where all count the same.
    public let weights: ElementStatistics?
    /// Groups of shard files.
    public let shards: Int
    /// Bytes of the shard files.
    public let bytes: Int
    /// Bytes of the IDX files in them.
    public let rawBytes: Int
    /// The range of its elements.
    public let values: ElementStatistics
  }

  /// The dataset's folder, as the user named it.
  public let path: String
  /// The dataset's name.
  public let name: String
  /// Where its data comes from; nil where nobody has said.
  public let provenance: String?
  /// `DatasetFolder.identity`.
  public let identity: String
  /// The names of the classes; label `i` means `classes[i]`. None where targets are values.
  public let classes: [String]
  /// The names of the outputs, and how targets are standardised; nil where they are classes.
  public let targets: ValueTargets?
  /// The dimensions of one sample, such as [28, 28].
  public let sampleShape: [Int]
  /// The type that elements are stored in.
  public let type: ElementType
  /// The columns of the table that samples are made of; nil where they are made of something else.
  public let features: [Feature]?
  /// The splits: `train` first, `test` second, then the others by name.
  public let splits: [SplitSummary]

  /// Loads and checks every split of `folder`, one after the other, and looks at all of it.
  ///
  /// - Parameter report: gets how many shards of all splits are loaded, and how many there are.
  /// - Throws: As `DatasetFolder.load` does, with the faults of all splits.
  public init(
    of folder: DatasetFolder, threads: Int,
    report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    path = folder.path
    name = folder.manifest.name
    provenance = folder.manifest.provenance
    identity = folder.identity
    classes = folder.manifest.classes
    targets = folder.manifest.targets?.values
    sampleShape = folder.manifest.sample.shape
    type = folder.manifest.sample.type
    features = folder.manifest.features
    let total = folder.manifest.splits.values.reduce(0) { $0 + $1.count }
    var before = 0
    splits = try DataError.gather(folder.manifest.splitNames) { name in
      let start = before
      before += folder.manifest.splits[name]?.count ?? 0
      return try Self.summary(of: name, in: folder, threads) { done, _ in
        report(start + done, total)
      }
    }
  }

  private static func summary(
    of name: String, in folder: DatasetFolder, _ threads: Int,
    report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> SplitSummary {
    let split = try folder.load(name, threads: threads, report: report)
    var perClass = [Int](repeating: 0, count: split.classCount)
    if split.classCount > 0 {
      for row in 0..<split.count { perClass[Int(split.label(at: row))] += 1 }
    }
    var values = ElementStatistics()
    values.add(UnsafeRawBufferPointer(split.storage.bytes), split.elementType)
    let files = folder.manifest.files(of: [name])
    return SplitSummary(
      name: name, samples: split.count, samplesPerClass: perClass,
      targetValues: split.valueTargets.map { $0.names.indices.map(split.valueRange) },
      weights: split.weights.map { weights in
        var range = ElementStatistics()
        weights.withUnsafeBytes { range.add($0, .float32) }
        return range
      },
      shards: folder.manifest.splits[name]?.count ?? 0,
      bytes: Manifest.sum(files.map(\.bytes)), rawBytes: Manifest.sum(files.map(\.rawBytes)),
      values: values)
  }

  /// `  targets   price (mean 2.5, deviation 0.5), age (…)`.
  private static func text(_ targets: ValueTargets) -> String {
    let shown = targets.names.indices.prefix(100).map { column in
      let name = targets.names[column].printable(limit: 24)
      guard targets.areStandardised else { return name }
      return "\(name) (mean \(Float(targets.mean(of: column))), deviation "
        + "\(Float(targets.deviation(of: column))))"
    }
    let more = targets.count > shown.count ? ", and \(targets.count - shown.count) more" : ""
    return "  targets   \(shown.joined(separator: ", "))\(more)"
      + (targets.areStandardised ? "" : "; as they are, not standardised")
  }

  /// Several lines for a terminal.
  public var text: String {
    var lines = ["\(name.printable()) (\(path.printable(limit: 1000)))"]
    if let provenance { lines.append("  from      \(provenance.printable())") }
    lines.append("  samples   \(ArrayShape.text(sampleShape)) \(type.rawValue)")
    lines.append(targets.map(Self.text) ?? "  classes   \(classes.count)")
    lines.append("  identity  \(identity)")
    if let features {
      lines.append("  columns   \(features.count)")
      lines += FeatureText.table(features).map { "    " + $0 }
    }
    for split in splits {
      let ratio = (Double(split.rawBytes) / Double(split.bytes) * 100).rounded() / 100
      lines.append("")
      lines.append(
        "  \(split.name.printable()): \(counted(split.samples, "sample")), "
          + "values \(split.values.text)")
      lines.append(
        "    \(counted(split.shards, "shard")), \(split.bytes) bytes on disk, "
          + "\(split.rawBytes) in memory or \(ratio) : 1")
      if let weights = split.weights { lines.append("    weights \(weights.text)") }
      let width = min(24, classes.map { $0.printable(limit: 24).columns }.max() ?? 0)
      for (name, count) in zip(classes, split.samplesPerClass).prefix(100) {
        lines.append("    \(name.fitted(to: width))  \(count)")
      }
      for (name, values) in zip(targets?.names ?? [], split.targetValues ?? []).prefix(100) {
        lines.append("    \(name.printable(limit: 24)): \(values.text)")
      }
      let more = classes.count - 100
      if more > 0 { lines.append("    and \(counted(more, "more class", "more classes"))") }
    }
    return lines.joined(separator: "\n")
  }
}
