import ArgumentParser
import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinRecord
import SkeinReport
import SkeinRun
import SkeinWorkers

/// `skein plot NAME RUN…`: draws one picture.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw one picture as an SVG file.",
    discussion: """
      Pictures of a run:
      \(Picture.help(.run))

      Other pictures:
      \(Picture.help(.other))

      Without --out the picture is written to standard output.

      Example:
        skein plot curves Runs/first --out curves.svg
        skein plot compare Runs/first Runs/second > compare.svg
        skein plot schedule Configs/digits.yaml --out schedule.svg
        skein plot scaling scaling.json --out scaling.svg
        skein plot samples Datasets/digits --count 40 --out samples.svg
      """)

  @Argument(help: "Which picture.", completion: .list(Picture.allCases.map(\.rawValue)))
  var picture: Picture

  @Argument(
    help: ArgumentHelp("Run folders; a dataset folder or a JSON file.", valueName: "run"),
    completion: .directory)
  var paths: [String] = []

  @Option(
    help: ArgumentHelp("The SVG file to write.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var out: String?

  @Option(help: "Which recorded epoch (default: the best; 0 is before training).")
  var epoch: Int?

  @Option(help: "Which of the recorded samples flows through the network (default: 1, the first).")
  var sample: Int?

  @Option(help: "How many samples of a dataset (default: 40).")
  var count: Int?

  @Option(help: "Which split of a dataset (default: train).")
  var split: String?

  @OptionGroup var settings: JobSettings

  func validate() throws {
    if let out { try FileKind.picture.check(out, option: "--out") }
    if let count, !(1...2000).contains(count) {
      throw ValidationError("--count wants 1 to 2000, not \(count).")
    }
    try refuse("--epoch", if: epoch != nil) { $0.isOfOneEpoch }
    try refuse("--sample", if: sample != nil) { $0 == .network }
    try refuse("--count", if: count != nil) { $0 == .samples }
    try refuse("--split", if: split != nil) { $0 == .samples }
    try refuse("--set", if: !settings.settings.isEmpty) { $0 == .schedule }
    switch picture.input {
    case .none where !paths.isEmpty:
      throw ValidationError("plot \(picture.rawValue) takes no folder.")
    case .one where paths.count != 1:
      throw ValidationError("plot \(picture.rawValue) wants one \(picture.inputName).")
    case .many where paths.isEmpty:
      throw ValidationError("plot \(picture.rawValue) wants at least one run.")
    default: break
    }
  }

  /// Refuses an option that the picture would ignore.
  ///
  /// - Parameter uses: whether a picture uses the option.
  private func refuse(_ option: String, if isGiven: Bool, _ uses: (Picture) -> Bool) throws {
    guard isGiven, !uses(picture) else { return }
    let others = Picture.allCases.filter(uses).map(\.rawValue).joined(separator: ", ")
    throw ValidationError("\(option) goes with plot \(others) only")
  }

  func run() throws {
    let svg = try draw()
    guard let out else { return TextStream.output.write(svg.file) }
    try OutputFile.write(Array(svg.file.utf8), to: out)
  }

  private func draw() throws -> SVG {
    switch picture {
    case .activations:
      return ActivationFigure.svg(Activation.all.map(ActivationFigure.Function.init))
    case .compare: return LearningCurves.compare(try compared())
    case .curves: return try curves()
    case .scaling: return ScalingFigure.svg(try Self.scaling(paths[0]))
    case .schedule: return try schedule()
    case .samples: return try samples(DatasetFolder(opening: paths[0]))
    default: break
    }
    let folder = RunFolder(path: paths[0])
    let run = try Progress.show("reading") {
      try RunNumbers(folder, epoch: epoch, warn: warn, report: $0)
    }
    switch picture {
    case .norms: return LayerFigures.norms(run.networks).svg()
    case .dead:
      guard let chart = LayerFigures.deadUnits(run.networks) else {
        throw UsageError(description: "the network has no hidden layer, so no neuron can be dead")
      }
      return chart.svg()
    case .weightHistograms: return LayerFigures.weights(run)
    case .gradientHistograms: return LayerFigures.gradients(run)
    case .hidden:
      guard run.job.widths.count > 2 else {
        throw UsageError(
          description: "the network has no hidden layer, so there are no hidden states")
      }
      return HiddenStatesFigure.svg(run)
    case .confusion:
      guard run.facts.targets == nil else {
        throw UsageError(
          description: "the run tells values, and a confusion matrix counts classes: see "
            + "skein plot predicted")
      }
      return ConfusionFigure.svg(run, epoch: try answered(run))
    case .predicted:
      guard run.facts.targets != nil else {
        throw UsageError(
          description: "the run tells classes, and this picture is of values: see "
            + "skein plot confusion")
      }
      let chosen = try answered(run)
      return PredictionFigure.svg(run, epoch: chosen, values: try values(chosen))
    case .mistakes:
      let chosen = try answered(run)
      guard run.facts.targets != nil else { return SampleSheets.mistakes(run, epoch: chosen) }
      return SampleSheets.largestErrors(run, epoch: chosen, values: try values(chosen))
    case .network: return try network(run)
    case .weights: return SampleSheets.weights(run, epoch: try chosen(run))
    case .activations, .compare, .curves, .schedule, .scaling, .samples: misuse("drawn above")
    }
  }

  /// The epoch that `--epoch` names, or else the best one.
  private func chosen(_ run: RunNumbers) throws -> EpochRecord {
    let found = epoch.map { wanted in run.networks.first { $0.epoch == wanted } } ?? run.best
    guard let found else {
      let recorded = run.networks.map { String($0.epoch) }.joined(separator: ", ")
      throw UsageError(
        description: "epoch \(epoch.map(String.init) ?? "") is not recorded; there are \(recorded)")
    }
    return found
  }

  /// The same epoch, which must have an evaluation.
  private func answered(_ run: RunNumbers) throws -> EpochRecord {
    func isEvaluated(_ epoch: EpochRecord) -> Bool {
      !epoch.confusion.isEmpty || epoch.values != nil
    }
    let found = try chosen(run)
    guard run.networks.contains(where: isEvaluated) else {
      throw UsageError(
        description: "the run has evaluated nothing: it had no test split, or no epoch")
    }
    guard isEvaluated(found) else { throw Self.unevaluated(found) }
    return found
  }

  private static func unevaluated(_ epoch: EpochRecord) -> UsageError {
    UsageError(
      description: "nothing was evaluated at epoch \(epoch.epoch): choose another --epoch")
  }

  private func values(_ epoch: EpochRecord) throws -> ValueRecord {
    guard let values = epoch.values else { throw Self.unevaluated(epoch) }
    return values
  }

  private func network(_ run: RunNumbers) throws -> SVG {
    let sample = sample ?? 1
    guard sample >= 1, sample <= run.samples.rows.count else {
      throw UsageError(
        description: "--sample \(sample): the run has recorded "
          + "\(counted(run.samples.rows.count, "sample")), counted from 1")
    }
    let chosen = try chosen(run)
    let states = try chosen.states(
      of: run.samples.floats(sample - 1, size: run.job.widths[0]),
      job: Job.load(path: RunFolder(path: paths[0]).jobFile).job, facts: run.facts)
    return NetworkFigure(run, epoch: chosen, states: states, sample: sample - 1).svg
  }

  private func samples(_ folder: DatasetFolder) throws -> SVG {
    let split = split ?? "train"
    let source = try Progress.show("loading") {
      try folder.load(split, threads: Machine.availableCores, report: $0)
    }
    let shown = min(count ?? 40, source.count)
    let rows = (0..<shown).map { $0 * source.count / max(shown, 1) }
    return SampleSheets.samples(
      LabelledSamples(
        rows: rows,
        labels: source.valueTargets == nil ? rows.map { Int(source.label(at: $0)) } : [],
        values: rows.flatMap(source.values),
        elements: .floats(rows.flatMap { source.stored($0) })),
      classes: folder.manifest.classes.map { $0.printable() }, shape: source.sampleShape,
      title: "\(folder.manifest.name.printable()): \(shown) of \(source.count) samples of "
        + split.printable())
  }

  /// The learning curves. They are in `metrics.jsonl`, so they need no history.
  private func curves() throws -> SVG {
    let folder = try Self.opened(paths[0])
    let job = try Job.load(path: folder.jobFile).job
    let epochs = try EpochMetrics.read(folder)
    return LearningCurves.figure(job.name.printable(), epochs, rates: job.rates(of: epochs))
  }

  /// The learning rates of a job that has not been trained.
  private func schedule() throws -> SVG {
    let prepared = try PreparedJob(
      checked: Job.load(path: paths[0], settings: settings.settings).job)
    let job = prepared.job
    var chart = LearningCurves.learningRate(
      job.rates(epochs: job.training.epochs, stepsPerEpoch: prepared.stepsPerEpoch))
    chart.title = "\(job.name.printable()): learning rate, schedule \(job.schedule.kind.rawValue)"
    if job.schedule.kind == .plateau {
      chart.note = "falls when the watched number stands still"
    }
    return chart.svg(width: 640, height: 320)
  }

  /// The epochs of each run. A run is named by its folder, or by its path where two folders have
  /// the same name.
  private func compared() throws -> [(name: String, epochs: [EpochMetrics])] {
    let names = paths.map { URL(fileURLWithPath: $0).lastPathComponent }
    let areDifferent = Set(names).count == names.count
    return try zip(paths, names).map { path, name in
      (
        (areDifferent ? name : path).printable(),
        try EpochMetrics.read(Self.opened(path))
      )
    }
  }

  private static func opened(_ path: String) throws -> RunFolder {
    let folder = RunFolder(path: path)
    try folder.requireRun()
    return folder
  }

  /// The largest file of `skein bench` that is read, in bytes. A table of a thousand rows is
  /// smaller.
  private static let largestTable = 4 << 20

  private static func scaling(_ path: String) throws -> ScalingTable {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.stream(path, atMost: largestTable)
    } catch .system(let code) {
      throw FileSystemError("read", path, code: code)
    } catch {
      throw UsageError(
        description: "\(path.printable()): expected what skein bench --json writes, at most "
          + "\(largestTable >> 20) MiB, found more")
    }
    do {
      var table = try JSONDecoder().decode(ScalingTable.self, from: Data(bytes))
      if let twice = JSONKeys.repeated(in: bytes).first {
        throw UsageError(
          description: "\(path.printable()):\(twice.line):\(twice.column): the key "
            + "\"\(twice.key.printable())\" is there twice; remove one")
      }
      table.job = table.job.printable()
      table.machine = table.machine.printable()
      table.cpu = table.cpu.printable()
      return table
    } catch let error as UsageError {
      throw error
    } catch {
      if let error = error as? DecodingError, let fault = JSONFault(error) {
        throw UsageError(
          description: "\(path.printable()): \(fault.place.map { $0.printable() + ": " } ?? "")"
            + "expected \(fault.expected), found \(fault.found.printable(limit: 200))")
      }
      throw UsageError(
        description:
          "\(path.printable()): expected what skein bench --json writes, found something else")
    }
  }
}
