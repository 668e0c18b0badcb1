import SkeinData
import SkeinFiles
import SkeinRun
import SkeinWorkers

/// The dataset that a trained model is measured on.
///
/// It is the dataset of the training, or another one that fits the model. Differences between the
/// two are printed as warnings.
struct EvaluatedDataset {
  private let run: TrainedRun
  private let dataset: JobDataset
  /// For each class of the dataset, the run's label of it; nil where the labels are the same.
  private let labels: [Int32]?

  /// Opens the dataset in `folder`, or the run's own.
  ///
  /// - Throws: `DataError` where there is no dataset, or where the network was made for other
  ///   samples or another number of classes.
  init(_ run: TrainedRun, folder: String?) throws {
    self.run = run
    var options = run.job.data
    if let folder { (options.path, options.synthetic) = (folder, nil) }
    do {
      dataset = try JobDataset(options)
    } catch let error as DataError where folder == nil && !options.areArrays {
      throw DataError(
        error.faults.map { fault in
          var advised = fault
          advised.advice = "the run's dataset is not there: say where it lies with --data DIR"
          return advised
        })
    }
    let (known, manifest) = (run.data, dataset.manifest)
    let name = folder ?? (options.synthetic == nil ? options.path : "data.synthetic")
    guard manifest.sample.shape == known.shape, manifest.target == known.target else {
      func text(_ shape: [Int], _ target: TargetKind) -> String {
        let targets =
          switch target {
          case .classes(let count): "in \(counted(count, "class", "classes"))"
          case .values(let count): "with \(counted(count, "value"))"
          }
        return "samples of \(shape.map(String.init).joined(separator: " × ")) \(targets)"
      }
      throw DataError(
        DataFault(
          name, expected: text(known.shape, known.target) + ", as the run was trained on",
          found: text(manifest.sample.shape, manifest.target),
          advice: "name the run's dataset, or one like it, with --data"))
    }
    guard known.features == manifest.features else {
      throw DataError(
        DataFault(
          name, expected: "the columns, means, deviations and levels that the run was trained on",
          found: "others",
          advice: "make both splits at once: skein data csv TRAIN.csv --test-file TEST.csv …"))
    }
    let (old, new) = (known.classes, manifest.classes)
    try Self.checkNames(known.targets, manifest.targets?.values, name)
    // Where two classes share a name, names cannot match the labels.
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

  /// Refuses values under the run's names in another order: their errors would mean nothing.
  private static func checkNames(
    _ known: ValueTargets?, _ found: ValueTargets?, _ dataset: String
  ) throws {
    guard let known, let found, known.names != found.names,
      Set(known.names) == Set(found.names)
    else { return }
    throw DataError(
      DataFault(
        dataset, at: "targets.names",
        expected: known.names.joined(separator: ", ") + ", in the order of the run",
        found: found.names.joined(separator: ", "),
        advice: "pack the dataset with its columns in that order"))
  }

  /// Loads a split, with the run's labels, or with values that are standardised as the run's were.
  ///
  /// - Throws: `DataError`.
  func load(_ split: String) throws -> Relabelled {
    let split = try Progress.show("loading") {
      try dataset.load(split, threads: Machine.availableCores, report: $0)
    }
    warnAboutRange(of: split)
    return Relabelled(
      base: split.scaled(by: run.data.scale, values: run.data.targets), labels: labels)
  }

  /// Warns where the largest magnitudes of the split and of the training differ more than fourfold.
  /// A network that learnt from bytes gives wrong answers for Floats from 0 to 1, but no error.
  private func warnAboutRange(of split: Split) {
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

/// Samples with other labels than those of their base.
struct Relabelled: SourceWrapper {
  let base: any SampleSource
  /// For each label of the base, the label that replaces it; nil to keep all labels.
  let labels: [Int32]?

  func read(_ rows: BatchRows, into memory: BatchMemory) throws {
    try base.read(rows, into: memory)
    guard let labels else { return }
    for index in memory.labels.indices { memory.labels[index] = labels[Int(memory.labels[index])] }
  }
}
