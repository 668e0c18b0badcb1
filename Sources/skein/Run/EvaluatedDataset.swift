import SkeinData
import SkeinFiles
import SkeinRun
import SkeinWorkers

/// The dataset that a run is measured on: the one that it was trained on, or another one that fits,
/// whose differences are told.
struct EvaluatedDataset {
  private let run: TrainedRun
  private let dataset: JobDataset
  /// The run's label of each of the dataset's classes; nil where they are the same.
  private let labels: [Int32]?

  /// Opens the dataset in `folder`, or the run's own.
  ///
  /// - Throws: `DataError` where there is none, and where its samples or its number of classes are
  ///   not those that the network was made for.
  init(_ run: TrainedRun, folder: String?) throws {
    self.run = run
    var options = run.job.data
    if let folder { (options.path, options.synthetic) = (folder, nil) }
    do {
      dataset = try JobDataset(options)
    } catch let error as DataError where folder == nil {
      throw DataError(
        error.faults.map { fault in
          var advised = fault
          advised.advice = "the run's dataset is not there: say where it lies with --data DIR"
          return advised
        })
    }
    let (known, manifest) = (run.data, dataset.manifest)
    let name = folder ?? (options.synthetic == nil ? options.path : "data.synthetic")
    guard manifest.sample.shape == known.shape, manifest.classes.count == known.classes.count else {
      func text(_ shape: [Int], _ classes: Int) -> String {
        "samples of \(shape.map(String.init).joined(separator: " × ")) in "
          + counted(classes, "class", "classes")
      }
      throw DataError(
        DataFault(
          name, expected: text(known.shape, known.classes.count) + ", as the run was trained on",
          found: text(manifest.sample.shape, manifest.classes.count),
          advice: "name the run's dataset, or one like it, with --data"))
    }
    let (old, new) = (known.classes, manifest.classes)
    // Names that two classes share say nothing of their order.
    let isOrder = old != new && Set(old).count == old.count && Set(old) == Set(new)
    labels = isOrder ? new.map { name in Int32(old.firstIndex(of: name) ?? 0) } : nil
    let found = RunData(manifest, identity: dataset.identity, scale: known.scale)
    guard dataset.identity != known.identity else { return }
    let differences = known.differences(from: found)
    warn(
      "\(name.printable(limit: 1000)) is not the dataset that the run was trained on: "
        + (differences.isEmpty ? "other samples" : differences.joined(separator: "; ")))
    if isOrder {
      warn("labels are matched by their classes' names")
    } else if old != new {
      warn("labels are compared by their numbers, and named as the run names them")
    }
  }

  /// Loads a split, with labels as the run numbers them.
  ///
  /// - Throws: `DataError`.
  func load(_ split: String) throws -> Relabelled {
    let split = try Progress.show("loading") {
      try dataset.load(split, threads: Machine.availableCores, report: $0)
    }
    tellRange(of: split)
    return Relabelled(base: split.scaled(by: run.data.scale), labels: labels)
  }

  /// Floats from 0 to 1 for a network that learnt from bytes give wrong answers, and no error.
  private func tellRange(of split: Split) {
    guard let least = run.data.least, let greatest = run.data.greatest, let range = split.range
    else { return }
    let (old, new) = (
      max(abs(least), abs(greatest)), max(abs(range.lowerBound), abs(range.upperBound))
    )
    guard new > 4 * old || old > 4 * new else { return }
    warn(
      "the values of \(split.name.printable()) go from \(range.lowerBound) to \(range.upperBound), "
        + "and those that the run was trained on from \(least) to \(greatest)")
  }
}

/// Samples whose labels go by other numbers.
struct Relabelled: SourceWrapper {
  let base: any SampleSource
  /// The label that stands for each of the base's; nil for the same.
  let labels: [Int32]?

  func read(_ rows: BatchRows, into memory: BatchMemory) throws {
    try base.read(rows, into: memory)
    guard let labels else { return }
    for index in memory.labels.indices { memory.labels[index] = labels[Int(memory.labels[index])] }
  }
}
