import ArgumentParser
import Foundation
import SkeinConfig
import SkeinFiles
import SkeinTraining
import SkeinWorkers

/// `skein evaluate RUN`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a trained model on a split of its dataset.",
    discussion: """
      Prints loss, accuracy, precision and recall per class, and the confusion matrix: a row per \
      class, a column per answer; on a narrow terminal it stands in pieces below.

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
    let classes = trained.data.classes
    if json {
      try printJSON(Report(split: name, evaluation, classes))
    } else {
      printWrapped(trained.origin)
      print(
        EvaluationText(split: name, evaluation, classes: classes).text(width: Terminal.columns))
    }
  }

  /// As many workers as the system has threads for: nobody asked for a number of them, and the
  /// results do not depend on it.
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

  /// The matrix has a number per pair of classes.
  private static let mostPairs = 1000

  private struct Report: Encodable {
    let split: String
    let samples: Int
    let loss: Double
    let accuracy: Double
    let classes: [Row]
    /// None beyond 1000 classes.
    let confusion: [[Int]]?

    struct Row: Encodable {
      let name: String
      let precision: Double?
      let recall: Double?
    }

    init(split: String, _ evaluation: Evaluation, _ names: [String]) {
      self.split = split
      samples = evaluation.labels.count
      loss = evaluation.loss
      accuracy = evaluation.accuracy
      confusion = names.count <= EvaluateCommand.mostPairs ? evaluation.confusion : nil
      classes = zip(names, evaluation.classReports).map { name, report in
        Row(name: name, precision: report.precision, recall: report.recall)
      }
    }
  }
}

extension Job {
  /// How many threads measure a model: as many as the job says, or one per core.
  fileprivate var evaluationThreads: Int {
    if case .count(let count) = parallel.threads { return count }
    return min(Machine.availableCores, DispatchScheduler.maximumThreads)
  }
}
