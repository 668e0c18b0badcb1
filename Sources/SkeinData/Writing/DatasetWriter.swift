import Glibc
import SkeinFiles

/// Writes a dataset folder, split by split and shard by shard; `dataset.json` comes last.
///
/// New shard files never take the name of a file that is there, so a dataset that is replaced or
/// extended stays whole until the new `dataset.json` takes the place of the old one. A writer that
/// goes without `finish` removes what it wrote. Memory: one shard, uncompressed and compressed.
public final class DatasetWriter {
  /// How shard files are made.
  public struct Options: Sendable {
    /// Samples per shard file; nil for as many as 8 MiB hold, at most 10,000.
    public var shardSamples: Int?
    /// The zstd level, 1 (fast) to 19 (small).
    public var level: Int
    /// Whether samples may hold NaN, or numbers that are infinite as a `Float`.
    public var allowsNonFinite: Bool
    /// Whether targets that are values are to be standardised by what the split `train` has.
    public var standardises: Bool
    /// Asked many times a second: whether to give up, with a `CancellationError`.
    public var isCancelled: @Sendable () -> Bool
    /// Gets how many samples of a split are packed, and how many it has, many times a second.
    public var report: @Sendable (_ done: Int, _ total: Int) -> Void
    /// Gets what is strange about the samples though they can be written.
    public var warn: @Sendable (String) -> Void

    /// The zstd level where none is asked for. 60,000 images like MNIST's, the digits that ship
    /// with Skein in 15 places each, packed on one core:
    ///
    ///     level    1       3      6      9     12     19
    ///     MB    9.99   10.13   9.49   9.23   9.18   8.81
    ///     s      0.1     0.2    0.7    1.0    2.2     17
    public static let usualLevel = 9

    /// The defaults suit people's datasets. `DatasetWriter` checks the ranges.
    public init(
      shardSamples: Int? = nil, level: Int = usualLevel, allowsNonFinite: Bool = false,
      standardises: Bool = true, isCancelled: @escaping @Sendable () -> Bool = { false },
      report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
      warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
      self.shardSamples = shardSamples
      self.level = level
      self.allowsNonFinite = allowsNonFinite
      self.standardises = standardises
      self.isCancelled = isCancelled
      self.report = report
      self.warn = warn
    }

    /// - Throws: `CancellationError` once the work is to be given up.
    func poll() throws {
      if isCancelled() { throw CancellationError() }
    }
  }

  /// What to do where the folder holds a dataset already.
  public enum Existing: Sendable {
    /// Throw.
    case refuse
    /// Replace it.
    case replace
  }

  /// Most bytes of samples in one shard file.
  static let shardLimit = 1 << 30

  /// What will be written; its splits grow with each `add`.
  public private(set) var manifest: Manifest
  private let folder: OutputFolder
  private let options: Options
  private var outdated: [String] = []

  /// Starts a new dataset in the folder `path`, which is made where it is missing.
  ///
  /// - Parameter manifest: Name, classes or values, sample and provenance; its splits are not used.
  /// - Throws: `DataError` where there is a dataset already, or the manifest or options are none
  ///   that can be written; `FileSystemError` where the folder cannot be made.
  public init(
    creating path: String, _ manifest: Manifest, options: Options = Options(),
    existing: Existing = .refuse
  ) throws {
    self.manifest = manifest
    self.manifest.splits = [:]
    self.options = options
    try Self.check(options, path)
    let isThere = access("\(path)/\(Manifest.fileName)", F_OK) == 0
    guard !isThere || existing == .replace else {
      throw DataError(
        path, expected: "a folder without a dataset", found: Manifest.fileName,
        advice: "choose another folder, or --force to replace the dataset")
    }
    // A broken dataset can be replaced too; its shard files then stay.
    if isThere, let old = try? DatasetFolder(opening: path) {
      outdated = Self.files(of: old.manifest.splits.values.flatMap { $0 })
    }
    folder = try OutputFolder(path: path)
  }

  /// Starts to add splits to the dataset in the folder `path`.
  ///
  /// - Throws: `DataError` where there is no dataset.
  public init(extending path: String, options: Options = Options()) throws {
    manifest = try DatasetFolder(opening: path).manifest
    self.options = options
    try Self.check(options, path)
    folder = try OutputFolder(path: path)
  }

  /// Writes all samples of `stream` as the split `split`. Where targets are values, those of the
  /// split `train` decide how they are standardised, unless the options say not to.
  ///
  /// - Throws: `DataError` where the split exists (unless `existing` is `replace`), the samples
  ///   are none of this dataset, a label is no class, a value is not finite or the same in all of
  ///   `train`, or a sample holds what is no finite number (unless the options allow it);
  ///   `FileSystemError` where writing fails; `CancellationError`.
  public func add(
    _ split: String, from stream: inout some SampleStream, existing: Existing = .refuse
  ) throws {
    try check(split, stream, existing)
    outdated += Self.files(of: manifest.splits[split] ?? [])
    let sampleBytes = ArrayShape.product(stream.sample.shape + [stream.sample.type.size]) ?? .max
    let most = max(1, Self.shardLimit / sampleBytes)
    let perShard = min(most, options.shardSamples ?? max(1, min(10_000, (8 << 20) / sampleBytes)))
    var shards: [Manifest.Shard] = []
    var filler = ShardFiller(
      manifest, total: stream.count, allowsNonFinite: options.allowsNonFinite,
      poll: options.poll)
    for first in stride(from: 0, to: stream.count, by: perShard) {
      let number = String(shards.count)
      let stem = "\(split)-" + String(repeating: "0", count: max(0, 3 - number.count)) + number
      let count = min(perShard, stream.count - first)
      shards.append(try write(count, from: &stream, &filler, stem: stem))
    }
    try stream.finish()
    manifest.splits[split] = shards
    if stream.hasWeights { manifest.format = max(manifest.format, 2) }
    if split == "train", let targets = manifest.targets, let moments = filler.moments {
      manifest.targets?.values =
        options.standardises
        ? try moments.standardising(stream.name) : ValueTargets(names: targets.names)
    }
    for warning in filler.warnings(stream.sampleName) {
      options.warn("split \(split): \(warning)")
    }
  }

  /// Writes `dataset.json` and removes shard files that a replaced dataset or split has left.
  ///
  /// - Throws: `DataError` where no split was added; `FileSystemError` where writing fails.
  public func finish() throws {
    let path = "\(folder.path)/\(Manifest.fileName)"
    let faults = ManifestCheck.faults(of: manifest, file: path)
    guard faults.isEmpty else { throw DataError(faults) }
    try folder.publish()
    try AtomicFile.write(ManifestFile.encode(manifest), to: path)
    let used = Set(Self.files(of: manifest.splits.values.flatMap { $0 }))
    folder.keep(removing: outdated.filter { !used.contains($0) })
  }

  /// Writes one shard: the next `count` samples, which come through `filler`.
  private func write(
    _ count: Int, from stream: inout some SampleStream, _ filler: inout ShardFiller, stem: String
  ) throws -> Manifest.Shard {
    let encoder = ShardEncoder(folder: folder, level: options.level)
    guard
      let imageHeader = IDXHeader(
        type: manifest.sample.type, shape: [count] + manifest.sample.shape)
    else { misuse("\(count) samples of \(manifest.sample.shape)") }
    let first = filler.first
    func images(_ targets: TargetMemory) throws -> Manifest.File {
      try encoder.write(
        stem + "-images", imageHeader,
        fill: { try filler.fill($0, targets, count: count, from: &stream) },
        report: { part in
          try options.poll()
          options.report(first + Int(part * Double(count)), stream.count)
        })
    }
    var shard: Manifest.Shard
    var weights = [Float](repeating: 1, count: stream.hasWeights ? count : 0)
    func weighted(_ targets: TargetMemory.Kind) throws -> Manifest.File {
      try weights.withUnsafeMutableBufferPointer {
        try images(TargetMemory(targets, weights: $0.isEmpty ? nil : $0))
      }
    }
    if let targets = manifest.targets {
      var values = [Float](repeating: 0, count: count * targets.names.count)
      shard = Manifest.Shard(
        count: count,
        images: try values.withUnsafeMutableBufferPointer { try weighted(.values($0)) })
      shard.targets = try write(
        values, shape: [count] + targets.shape, encoder, stem + "-targets")
    } else {
      var labels = [Int32](repeating: 0, count: count)
      shard = Manifest.Shard(
        count: count,
        images: try labels.withUnsafeMutableBufferPointer { try weighted(.labels($0)) })
      shard.labels = try write(labels, encoder, stem)
    }
    if stream.hasWeights {
      shard.weights = try write(weights, shape: [count], encoder, stem + "-weights")
    }
    options.report(filler.first, stream.count)
    return shard
  }

  private func write(
    _ labels: [Int32], _ encoder: ShardEncoder, _ stem: String
  ) throws -> Manifest.File {
    let type = Labels.type(for: manifest.classes.count)
    guard let header = IDXHeader(type: type, shape: [labels.count]) else {
      misuse("\(labels.count) labels")
    }
    return try encoder.write(
      stem + "-labels", header,
      fill: { payload in
        for (index, label) in labels.enumerated() {
          Labels.store(label, as: type, in: payload, at: index)
        }
      },
      report: { _ in try options.poll() })
  }

  private func write(
    _ values: [Float], shape: [Int], _ encoder: ShardEncoder, _ stem: String
  ) throws -> Manifest.File {
    guard let header = IDXHeader(type: .float32, shape: shape) else {
      misuse("\(values.count) values of shape \(shape)")
    }
    return try encoder.write(
      stem, header,
      fill: { payload in values.withUnsafeBytes { payload.copyMemory(from: $0) } },
      report: { _ in try options.poll() })
  }

  private func check(
    _ split: String, _ stream: some SampleStream, _ existing: Existing
  ) throws {
    let place = "\(folder.path)/\(Manifest.fileName)"
    guard manifest.splits[split] == nil || existing == .replace else {
      throw DataError(
        place, at: "splits", expected: "no split \"\(split)\" yet", found: "one",
        advice: "choose another split, or --force to replace it")
    }
    let isName = split.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == 0x2D || $0 == 0x5F
    }
    guard isName, (1...64).contains(split.utf8.count) else {
      throw DataError(
        place, at: "splits", expected: "a split name of 1 to 64 letters, digits, - and _",
        found: "\"\(split)\"")
    }
    guard stream.sample == manifest.sample else {
      throw DataError(
        stream.sampleName,
        expected: "samples of \(ArrayShape.text(manifest.sample.shape)) \(manifest.sample.type)",
        found: "\(ArrayShape.text(stream.sample.shape)) \(stream.sample.type)",
        advice: "all splits of a dataset have the same sample shape and type")
    }
    guard stream.outputs == manifest.targets?.names.count else {
      func text(_ outputs: Int?) -> String {
        outputs.map { "\(counted($0, "value")) for each sample" } ?? "labels of classes"
      }
      throw DataError(
        stream.name, expected: text(manifest.targets?.names.count) + ", as the dataset has",
        found: text(stream.outputs), advice: "all splits of a dataset have the same targets")
    }
    if let targets = manifest.targets, targets.type != .float32 {
      throw DataError(
        place, at: "targets.type", expected: "float32, the type that values are written in",
        found: targets.type.rawValue, advice: "pack all splits into a new folder")
    }
    guard stream.count > 0 else {
      throw DataError(stream.name, expected: "at least one sample", found: "none")
    }
  }

  private static func check(_ options: Options, _ path: String) throws {
    guard ZstdEncoder.levels.contains(options.level) else {
      throw DataError(
        path, at: "level", expected: "a zstd level in 1…19", found: "\(options.level)")
    }
    if let samples = options.shardSamples, samples < 1 {
      throw DataError(path, at: "shard samples", expected: "at least 1", found: "\(samples)")
    }
  }

  private static func files(of shards: [Manifest.Shard]) -> [String] {
    shards.flatMap(\.files).map(\.file)
  }
}
