import ArgumentParser
import Foundation
import SkeinConfig
import SkeinData
import SkeinTraining

/// `skein evaluate RUN`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a trained model on a split of its dataset.",
    discussion: """
      Prints loss, accuracy, precision and recall per class, and the confusion matrix: a row per \
      class, a column per answer.

      Example:
        skein evaluate Runs/first --split test --json
      """)

  @OptionGroup var options: RunOptions

  @Option(help: "Which split (default: the job's test split, or the one it trains on).")
  var split: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let trained = try TrainedRun(options)
    let job = trained.prepared.job
    let name = split ?? job.data.test ?? job.data.train
    let source = try trained.prepared.dataset.load(name, threads: Machine.availableCores)
    let scheduler = try DispatchScheduler(threads: trained.prepared.threads)
    let evaluation = try Evaluator(
      trained.model, loss: job.loss, source: source, scale: job.data.scale,
      workers: scheduler.workerCount
    ).evaluate(scheduler)
    let classes = trained.prepared.dataset.manifest.classes
    if json {
      try printJSON(Report(split: name, evaluation, classes))
    } else {
      printTable(evaluation, name, classes.map { $0.printable(limit: 14) })
    }
  }

  private func printTable(_ evaluation: Evaluation, _ split: String, _ classes: [String]) {
    print(
      "\(split.printable()): \(evaluation.samples) samples, loss \(number(evaluation.loss, 4)), "
        + "accuracy \(percent(evaluation.accuracy))")
    let width = max(6, (classes.map(\.count).max() ?? 0) + 1)
    func padded(_ text: String) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    print("\n" + padded("class") + " precision    recall  " + classes.map(padded).joined())
    for (label, name) in classes.enumerated() {
      let shares = [evaluation.precision(label), evaluation.recall(label)].map { share in
        let text = share.map(percent) ?? "-"
        return String(repeating: " ", count: max(0, 10 - text.count)) + text
      }
      print(
        padded(name) + shares.joined() + "  "
          + evaluation.confusion[label].map { padded(String($0)) }.joined())
    }
  }

  private struct Report: Encodable {
    let split: String
    let samples: Int
    let loss: Double
    let accuracy: Double
    let classes: [Row]
    let confusion: [[Int]]

    struct Row: Encodable {
      let name: String
      let precision: Double?
      let recall: Double?
    }

    init(split: String, _ evaluation: Evaluation, _ names: [String]) {
      self.split = split
      samples = evaluation.samples
      loss = evaluation.loss
      accuracy = evaluation.accuracy
      confusion = evaluation.confusion
      classes = names.enumerated().map { label, name in
        Row(
          name: name, precision: evaluation.precision(label), recall: evaluation.recall(label))
      }
    }
  }
}

/// Prints `value` as JSON, keys sorted.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
