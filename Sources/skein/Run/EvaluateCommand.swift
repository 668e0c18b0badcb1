import ArgumentParser
import SkeinConfig
import SkeinFiles
import SkeinTraining
import SkeinWorkers

/// `skein evaluate RUN`: measures a trained model on a split of a dataset.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a trained model on a split of its dataset.",
    discussion: """
      Prints loss, accuracy, precision and recall per class, and the confusion matrix: a row per \
      class, a column per answer; on a narrow terminal it stands in pieces below. Where targets \
      are values: mean absolute error, root mean squared error and R² of each, in their own units.

      Example:
        skein evaluate Runs/first --split test --json
      """)

  @OptionGroup var options: RunOptions

  @Option(help: "Which split (default: the job's test split, or the one it trains on).")
  var split: String?

  @Option(
    help: "The folder of the dataset, where it is not the job's own.", completion: .directory)
  var data: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let trained = try options.trained()
    let job = trained.job
    let name = split ?? job.data.test ?? job.data.train
    let source = try EvaluatedDataset(trained, folder: data).load(name)
    let scheduler = try Self.scheduler(threads: job.evaluationThreads)
    let evaluator = Evaluator(
      trained.model, trained.objective, source: source, workers: scheduler.workerCount)
    let evaluation: Evaluation
    do {
      evaluation = try Progress.show("evaluating") {
        try evaluator.evaluate(ReportingScheduler(scheduler, report: $0))
      }
    } catch var error as NonFiniteError {
      error.split = name
      throw error
    }
    if let values = evaluation.values {
      if json {
        try printJSON(ValueEvaluationReport(split: name, evaluation, values))
      } else {
        printWrapped(trained.origin)
        let text = ValueEvaluationText(split: name, evaluation, values)
        print(text.text(width: Terminal.columns))
      }
      return
    }
    let classes = trained.data.classes
    if json {
      try printJSON(Report(split: name, evaluation, classes))
    } else {
      printWrapped(trained.origin)
      print(
        EvaluationText(split: name, evaluation, classes: classes).text(width: Terminal.columns))
    }
  }

  /// A scheduler of `threads` workers, or of fewer where the system has no threads for all of them,
  /// with a warning. This holds even where the job asks for a number of threads: unlike those of a
  /// training, the results never depend on it.
  private static func scheduler(threads: Int) throws -> DispatchScheduler {
    do {
      return try DispatchScheduler(threads: threads)
    } catch let error as WorkerStartError where threads > 1 {
      let fewer = max(1, min(error.worker, threads) - 1)
      warn(
        "worker \(error.worker) of \(threads) could not be started: "
          + "\(FileSystemError.text(of: error.code)); measuring with \(counted(fewer, "thread"))")
      return try scheduler(threads: fewer)
    }
  }

  /// The most classes whose confusion matrix is printed. It has a number for each pair of classes.
  private static let mostClasses = 1000

  /// The output of `--json`.
  private struct Report: Encodable {
    let split: String
    let samples: Int
    let loss: Double
    let accuracy: Double
    let classes: [Row]
    /// A row per class and a column per answer; nil above 1000 classes.
    let confusion: [[Int]]?

    /// The results of one class.
    struct Row: Encodable {
      let name: String
      let precision: Double?
      let recall: Double?
    }

    init(split: String, _ evaluation: Evaluation, _ names: [String]) {
      self.split = split
      samples = evaluation.labels.count
      loss = evaluation.loss
      accuracy = evaluation.accuracy ?? 0
      confusion = names.count <= EvaluateCommand.mostClasses ? evaluation.confusion : nil
      classes = zip(names, evaluation.classReports).map { name, report in
        Row(name: name, precision: report.precision, recall: report.recall)
      }
    }
  }
}

extension Job {
  /// How many threads measure a model: as many as the job says, or else one per core.
  fileprivate var evaluationThreads: Int {
    if case .count(let count) = parallel.threads { return count }
    return min(Machine.availableCores, DispatchScheduler.maximumThreads)
  }
}
