import ArgumentParser
import Foundation
import SkeinConfig
import SkeinFiles
import SkeinReport
import SkeinRun
import SkeinTraining
import SkeinWorkers

/// `skein find-rate JOB`: the learning-rate range test.
struct FindRateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find-rate",
    abstract: "Try growing learning rates, and suggest one.",
    discussion: """
      Trains the job for a few hundred steps whose learning rate grows from the lowest one to the \
      highest, and looks at the loss: it falls while the rate suits the network, stands still, and \
      then gets out of hand. The test ends there. It suggests a tenth of the rate with the lowest \
      loss, and says where the loss was above four times the lowest. For a schedule of kind \
      oneCycle that is a peak to begin with. Nothing is saved but the picture.

      Example:
        skein find-rate Configs/digits.yaml --svg rates.svg
        skein find-rate Configs/digits.yaml --set optimizer.kind=adamW
      """)

  @OptionGroup var options: JobOptions

  @Option(name: .customLong("from"), help: "The lowest rate.")
  var first = 1e-6

  @Option(name: .customLong("to"), help: "The highest rate.")
  var last = 100.0

  @Option(help: "How many steps; epochs are repeated where one has fewer.")
  var steps = 300

  @Option(
    help: ArgumentHelp("Draw the loss against the rate.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var svg: String?

  @Flag(help: "Print JSON, with all steps.")
  var json = false

  func validate() throws {
    if let svg { try FileKind.picture.check(svg, option: "--svg") }
    guard first > 0, last > first, Float(last).isFinite, Float(first) > 0 else {
      throw ValidationError("--from \(first) --to \(last): expected 0 < from < to")
    }
    guard (10...1_000_000).contains(steps) else {
      throw ValidationError("--steps \(steps): expected a number from 10 to 1000000")
    }
  }

  func run() throws {
    let prepared = try prepare()
    let source = try Progress.show("loading") {
      try prepared.dataset.load(
        prepared.job.data.train, threads: Machine.availableCores, report: $0)
    }
    let schedule = RangeSchedule(from: first, to: last, steps: steps)
    let scheduler = try DispatchScheduler(
      threads: prepared.threads, pinning: prepared.job.parallel.pin)
    let trainer = prepared.makeTrainer(
      prepared.scaled(source), scheduler: scheduler, schedule: schedule)
    let progress = Progress("training")
    let test = try trainer.testRange(schedule) { progress.report($0, of: steps) }
    progress.end()
    if let svg { try OutputFile.write(Array(picture(test, prepared).file.utf8), to: svg) }
    if json { return try printSteps(test) }
    report(test, prepared)
  }

  /// The job with as many epochs as the steps need, and nothing that ends or blurs it.
  private func prepare() throws -> PreparedJob {
    var job = try Job.load(path: options.job, settings: options.settings.settings).job
    job.data.test = nil
    (job.training.earlyStop, job.training.average) = (nil, nil)
    (job.report.history, job.schedule) = (false, ScheduleOptions())
    let once = try PreparedJob(checked: job, threads: options.count.threads)
    job.training.epochs = (steps - 1) / once.stepsPerEpoch + 1
    return try PreparedJob(checked: job, threads: options.count.threads)
  }

  private func report(_ test: RangeTest, _ prepared: PreparedJob) {
    let widths = prepared.network.widths.map(String.init).joined(separator: "-")
    printWrapped(
      "\(prepared.job.name.printable()): \(widths), \(prepared.job.optimizer.kind.rawValue), "
        + "\(counted(test.points.count, "step")) from rate \(text(first))")
    if let lowest = test.lowest {
      printWrapped("lowest loss: \(decimals(lowest.smooth, 4)), at rate \(text(lowest.rate))")
    }
    printWrapped(
      test.divergence.map { "out of hand: at rate \(text($0))" }
        ?? "out of hand: nowhere up to rate \(text(last)); try a larger --to")
    if let suggestion = test.suggestion {
      printWrapped(
        "suggestion: --set optimizer.learningRate=\(text(suggestion)), a tenth of the rate with "
          + "the lowest loss")
    } else {
      printWrapped(
        "no suggestion: the loss has not fallen; try other rates (--from, --to), more --steps, or "
          + "another model.init")
    }
    if let svg { printPath("picture", svg) }
    guard Terminal.isLive else { return }
    let curve = TextCurve.lines(
      test.points.map(\.smooth), width: Terminal.columns, hasBlocks: Terminal.hasBlocks,
      label: { decimals($0, 3) })
    guard !curve.isEmpty, let end = test.points.last else { return }
    printWrapped("\nloss, rates \(text(first)) to \(text(end.rate)), by the factor")
    print(curve.joined(separator: "\n") + "\n")
  }

  private func picture(_ test: RangeTest, _ prepared: PreparedJob) -> SVG {
    RangeFigure.svg(
      prepared.job.name.printable(), losses: test.points.map { ($0.rate, $0.loss, $0.smooth) },
      suggestion: test.suggestion, divergence: test.divergence)
  }

  /// What `--json` prints.
  private struct Output: Encodable {
    struct Step: Encodable {
      let rate, loss, smoothLoss: Double
    }
    let suggestion, divergence, lowestLossRate: Double?
    let steps: [Step]
  }

  private func printSteps(_ test: RangeTest) throws {
    try printJSON(
      Output(
        suggestion: test.suggestion.map { Double(text($0)) ?? $0 }, divergence: test.divergence,
        lowestLossRate: test.lowest?.rate,
        steps: test.points.map { .init(rate: $0.rate, loss: $0.loss, smoothLoss: $0.smooth) }))
  }

  /// A rate in two digits, as --set takes it.
  private func text(_ rate: Double) -> String { String(format: "%.2g", rate) }
}
