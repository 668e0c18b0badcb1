import Glibc
import SkeinFiles

/// Makes datasets out of array files.
public enum DatasetImport {
  /// What a user may say about a new dataset; nil where it follows from the data.
  public struct Description: Sendable {
    /// The dataset's name; else the last part of its folder's path.
    public var name: String?
    /// The class names; else "0", "1", … up to the largest label.
    public var classes: [String]?
    /// The names of the outputs where targets are values; else "target 1", "target 2", …
    public var targets: [String]?
    /// Where the data comes from.
    public var provenance: String?

    /// Leaves to the data what is nil.
    public init(
      name: String? = nil, classes: [String]? = nil, targets: [String]? = nil,
      provenance: String? = nil
    ) {
      self.name = name
      self.classes = classes
      self.targets = targets
      self.provenance = provenance
    }
  }

  /// One split's files.
  public struct Source: Sendable, Equatable {
    /// The split that they become.
    public let split: String
    /// The array of samples, as the user names it: `FILE`, `-` or `FILE.npz:NAME`.
    public let images: String
    /// The array of labels, named likewise.
    public let labels: String
    /// The array of weights, named likewise; nil where all samples count the same.
    public let weights: String?

    /// The files of `split`; they are opened by the import.
    public init(split: String, images: String, labels: String, weights: String? = nil) {
      self.split = split
      self.images = images
      self.labels = labels
      self.weights = weights
    }
  }

  /// Most classes that are named "0", "1", … without being asked for.
  private static let mostNumberedClasses = 1 << 16

  /// The MNIST-style files in the folder `path`, or in the folders that its makers and downloaders
  /// put them into: `train` out of `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, `test`
  /// out of the `t10k-` or `test-` pair, each as it is, `.gz` or `.zst`, also with `.idx` in place
  /// of `-idx`, and with a set's name in front.
  ///
  /// - Parameter set: the name of the set, where there are several: `letters` for EMNIST's
  ///   `emnist-letters-train-images-idx3-ubyte`.
  /// - Throws: `DataError` where the train pair is missing, or half of the test pair, and where
  ///   there are several sets and none is chosen.
  public static func classicFiles(in path: String, set name: String? = nil) throws -> [Source] {
    guard access(path, F_OK) == 0 else {
      throw DataError(path, expected: "a folder with the files", found: "nothing of that name")
    }
    let sets = ClassicFiles.sets(in: path)
    let set = sets.isEmpty ? nil : try ClassicFiles.choose(name, of: sets, path: path)
    var sources: [Source] = []
    var missing: [DataFault] = []
    for (split, prefix) in [("train", "train"), ("test", "t10k")] {
      let images = set?.file(split, images: true)
      let labels = set?.file(split, images: false)
      if let images, let labels {
        sources.append(Source(split: split, images: images, labels: labels))
        continue
      }
      guard split == "train" || images != nil || labels != nil else { continue }
      for (file, name) in [(images, "images-idx3-ubyte"), (labels, "labels-idx1-ubyte")]
      where file == nil {
        missing.append(
          DataFault(
            path, expected: "\(prefix)-\(name), as it is, .gz or .zst", found: "no such file"))
      }
    }
    guard missing.isEmpty else { throw DataError(missing) }
    return sources
  }

  /// Writes a new dataset with one split per source.
  ///
  /// - Throws: `DataError`, `FileSystemError`; what stood at `path` then stays.
  /// - Returns: What was written.
  @discardableResult
  public static func create(
    _ path: String, from sources: [Source], _ description: Description = Description(),
    reading: ArrayReading = .init(), options: DatasetWriter.Options = .init(),
    existing: DatasetWriter.Existing = .refuse
  ) throws -> Manifest {
    require(!sources.isEmpty, "a dataset without splits")
    var reading = reading
    if reading.targets == .guessed, description.targets != nil { reading.targets = .values }
    if reading.targets == .guessed, description.classes != nil { reading.targets = .labels }
    let first = try open(sources[0], reading, options)
    // All splits have targets of one kind.
    reading.targets = first.outputs == nil ? .labels : .values
    let pairs = try [first] + sources.dropFirst().map { try open($0, reading, options) }
    let manifest = try manifest(
      description, name: description.name ?? lastPart(of: path), of: pairs)
    if manifest.targets == nil { try checkClasses(of: pairs, manifest, reading) }
    let writer = try DatasetWriter(
      creating: path, manifest, options: options, existing: existing)
    for (source, pair) in zip(sources, pairs) {
      var stream = pair
      stream.adopt(manifest.sample.shape)
      try writer.add(source.split, from: &stream)
    }
    try writer.finish()
    return writer.manifest
  }

  /// Adds a split to the dataset at `path`, which is made where there is none.
  ///
  /// A split of that name is replaced where `existing` says so; where it is the only one, the whole
  /// dataset is.
  ///
  /// - Throws: `DataError`, `FileSystemError`; what stood at `path` then stays.
  /// - Returns: What `dataset.json` says now.
  @discardableResult
  public static func add(
    _ source: Source, to path: String, _ description: Description = Description(),
    reading: ArrayReading = .init(), options: DatasetWriter.Options = .init(),
    existing: DatasetWriter.Existing = .refuse
  ) throws -> Manifest {
    let place = "\(path)/\(Manifest.fileName)"
    guard access(place, F_OK) == 0 else {
      return try create(path, from: [source], description, reading: reading, options: options)
    }
    if existing == .replace {
      let old = try? DatasetFolder(opening: path).manifest.splitNames
      if old == nil || old == [source.split] {
        return try create(
          path, from: [source], description, reading: reading, options: options,
          existing: .replace)
      }
    }
    let writer = try DatasetWriter(extending: path, options: options)
    try check(description, against: writer.manifest, place)
    var reading = reading
    if reading.targets == .guessed {
      reading.targets = writer.manifest.targets == nil ? .labels : .values
    }
    var stream = try open(source, reading, options)
    if stream.outputs == nil, writer.manifest.targets == nil {
      try checkClasses(of: [stream], writer.manifest, reading)
    }
    stream.adopt(writer.manifest.sample.shape)
    try writer.add(source.split, from: &stream, existing: existing)
    try writer.finish()
    return writer.manifest
  }

  private static func manifest(
    _ description: Description, name: String, of pairs: [ArrayPair]
  ) throws -> Manifest {
    let sample = pairs[0].sample
    guard let outputs = pairs[0].outputs else {
      return Manifest(
        name: name, classes: try description.classes ?? numberedClasses(pairs), sample: sample,
        provenance: description.provenance)
    }
    if description.classes != nil {
      throw DataError(
        pairs[0].name, expected: "labels, for --classes", found: "values",
        advice: "name the outputs of values with --target-names")
    }
    let names = description.targets ?? (0..<outputs).map(ValueTargets.name)
    guard names.count == outputs, Set(names).count == outputs else {
      throw DataError(
        pairs[0].name,
        expected: "\(counted(names.count, "column")), with names that differ, for "
          + "--target-names \(names.joined(separator: ","))",
        found: counted(outputs, "column"))
    }
    return Manifest(
      name: name, values: ValueTargets(names: names), sample: sample,
      provenance: description.provenance)
  }

  private static func open(
    _ source: Source, _ reading: ArrayReading, _ options: DatasetWriter.Options
  ) throws -> ArrayPair {
    try ArrayPair(
      images: source.images, labels: source.labels, weights: source.weights,
      split: source.split, reading,
      isCancelled: options.isCancelled)
  }

  private static func check(
    _ description: Description, against manifest: Manifest, _ place: String
  ) throws {
    let advice = "leave the option out when adding a split, or choose another folder"
    if let name = description.name, name != manifest.name {
      throw DataError(
        place, at: "name", expected: "\"\(name)\", as asked for", found: "\"\(manifest.name)\"",
        advice: advice)
    }
    if let classes = description.classes, classes != manifest.classes {
      throw DataError(
        place, at: "classes", expected: classes.joined(separator: ",") + ", as asked for",
        found: manifest.classes.joined(separator: ","), advice: advice)
    }
    if let targets = description.targets, targets != manifest.targets?.names {
      throw DataError(
        place, at: "targets.names", expected: targets.joined(separator: ",") + ", as asked for",
        found: manifest.targets.map { $0.names.joined(separator: ",") } ?? "classes",
        advice: advice)
    }
    if let provenance = description.provenance, provenance != manifest.provenance {
      throw DataError(
        place, at: "provenance", expected: "\"\(provenance)\", as asked for",
        found: "\"\(manifest.provenance ?? "")\"", advice: advice)
    }
  }

  private static func lastPart(of path: String) -> String {
    PathBytes.components(path).last { !$0.isEmpty } ?? "dataset"
  }
}
