import ArgumentParser
import SkeinData
import SkeinFiles
import SkeinRun

/// The options of all commands that write shard files.
struct WritingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Samples per shard file.",
      discussion: """
        Shard files are decoded in parallel, so have at least as many as threads, and few enough \
        that each holds a megabyte or more. Default: as many as fit 8 MiB, at most 10000.
        """,
      valueName: "n"))
  var shardSamples: Int?

  @Option(
    help: ArgumentHelp(
      "Compression level, 1 (fast) to 19 (small). Reading is equally fast for all.",
      discussion: "Default: 9, and 1 for tables, whose numbers hardly get smaller.",
      valueName: "1-19"))
  var level: Int?

  @Flag(
    help: ArgumentHelp(
      "Write samples that hold NaN or infinite numbers.",
      discussion: "Without it they are refused: training ends at such a sample, with exit code 5."))
  var allowNan = false

  @Flag(help: "Replace what is there already under the same name.")
  var force = false

  func validate() throws {
    if let shardSamples, shardSamples < 1 {
      throw ValidationError("--shard-samples wants 1 or more, not \(shardSamples).")
    }
    if let level, !(1...19).contains(level) {
      throw ValidationError("--level wants 1 to 19, not \(level).")
    }
  }

  /// Refuses to write a dataset to the folder of a run.
  ///
  /// - Throws: `UsageError`.
  static func refuseRun(in folder: String) throws {
    guard RunFolder(path: folder).holdsRun else { return }
    throw UsageError(
      description: "\(folder.printable(limit: 1000)) holds a run: choose another folder for the "
        + "dataset")
  }

  /// Runs `body`, which writes a dataset. A signal soon stops it, and then nothing of the dataset
  /// is left behind.
  ///
  /// - Parameter level: the compression level where the user chooses none.
  func write(
    level usual: Int = DatasetWriter.Options.usualLevel,
    _ body: (DatasetWriter.Options, DatasetWriter.Existing) throws -> Manifest
  ) throws -> Manifest {
    let interruption = Interruption()
    let stop = interruption.stop
    let progress = Progress("packing")
    let options = DatasetWriter.Options(
      shardSamples: shardSamples, level: level ?? usual, allowsNonFinite: allowNan,
      isCancelled: { stop.isRaised }, report: { progress.report($0, of: $1) },
      warn: warn)
    defer { progress.end() }
    do {
      return try body(options, force ? .replace : .refuse)
    } catch let error as CancellationError {
      try interruption.check("nothing was written")
      throw error
    }
  }
}

/// The options that describe a new dataset.
struct DescriptionOptions: ParsableArguments {
  @Option(help: "The dataset's name. Default: the last part of OUT.")
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Class names, label 0 first, separated by commas. Default: 0,1,… up to the largest label.",
      valueName: "a,b,c"))
  var classes: String?

  @Option(
    help: ArgumentHelp(
      "Where the data comes from: source, licence, what was done to it.", valueName: "text"))
  var provenance: String?

  var description: DatasetImport.Description {
    let names = classes?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return .init(name: name, classes: names, provenance: provenance)
  }
}

extension Manifest {
  /// `2 values (price, age), standardised`.
  private static func text(_ targets: Targets) -> String {
    let names = targets.names.prefix(20).map { $0.printable(limit: 40) }.joined(separator: ", ")
    return counted(targets.names.count, "value")
      + " (\(names)\(targets.names.count > 20 ? ", …" : "")), "
      + (targets.mean == nil ? "as they are" : "standardised for training")
  }

  /// The dataset's name and a line per split. Commands that write a dataset end with this text.
  func written(to path: String) -> String {
    let lines = splitNames.map { name in
      let shards = splits[name] ?? []
      // Doubles do not overflow. An old manifest may claim any number of bytes for its other
      // splits.
      let bytes = shards.flatMap(\.files).reduce(0.0) { $0 + Double($1.bytes) }
      return "  \(name.printable()): \(counted(count(of: name) ?? 0, "sample")), "
        + "\(counted(shards.count, "shard")), "
        + (bytes < 1e5 ? "\(decimals(bytes / 1e3, 1)) kB" : "\(decimals(bytes / 1e6, 2)) MB")
    }
    let head =
      "\(path.printable(limit: 1000)): \(name.printable()), "
      + (targets.map(Self.text) ?? counted(classes.count, "class", "classes"))
    return ([head] + lines).joined(separator: "\n")
  }
}
