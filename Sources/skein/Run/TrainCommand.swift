import ArgumentParser
import Foundation
import SkeinConfig
import SkeinData
import SkeinTraining

/// `skein train JOB`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model as a job file says.",
    discussion: """
      Writes a run folder: the resolved job (job.yaml), a line of numbers per epoch \
      (metrics.jsonl), checkpoints, a web page (report.html) and TensorBoard's events. Weights \
      are bit-identical for every number of threads.

      Example:
        skein train Configs/digits.yaml --threads 4 --set training.epochs=3
      """)

  @OptionGroup var options: JobOptions

  @Option(
    name: .customLong("run"),
    help: "The folder to make for the run (default: Runs/NAME-DATE-TIME).", completion: .directory)
  var folder: String?

  @Flag(help: "Go on with the run in --run from its last checkpoint.")
  var resume = false

  @Flag(help: "With --resume: go on although the job or the dataset is another one.")
  var allowChanges = false

  func validate() throws {
    if let folder, folder.isEmpty {
      throw ValidationError("--run: expected a folder's name, found nothing")
    }
    if resume && folder == nil {
      throw ValidationError("--resume wants the run's folder: --run DIR")
    }
  }

  func run() throws {
    let interruption = Interruption()
    let (_, prepared) = try options.prepare()
    let job = prepared.job
    let run = RunFolder(path: folder ?? defaultFolder(job.name))
    try refuseRun(in: run)
    let (train, test) = try prepared.loadSplits()
    let scheduler = try DispatchScheduler(threads: prepared.threads)
    try interruption.check("before training began")

    let lock = try run.open()
    defer { withExtendedLifetime(lock) {} }
    try refuseRun(in: run)
    let display = ProgressDisplay()
    let checkpoint = try prepared.open(
      run, allowingChanges: allowChanges, warn: { display.warn($0) })
    let trainer = prepared.makeTrainer(
      train, scheduler: SampledScheduler(scheduler, isOn: job.report.history))
    if let checkpoint { trainer.restore(checkpoint) }
    display.begin(prepared, train: train.count, test: test?.count, from: trainer.progress)
    let evaluator = test.map {
      prepared.makeEvaluator(trainer.model, $0, workers: scheduler.workerCount)
    }
    let recorder = RunRecorder(
      run, trainer: trainer, identity: prepared.identity, options: job.checkpoint,
      epochs: job.training.epochs, resumed: checkpoint)
    let watch = DatasetWatch([train] + (test.map { [$0] } ?? []))
    let reports = try RunReports(
      prepared, trainer.model, train: train, test: test, evaluator: evaluator, folder: run,
      progress: trainer.progress)
    var observers: [any TrainingObserver] = reports.observers + [recorder, display, watch]
    if prepared.choosesThreads && scheduler.workerCount > 1 {
      observers.append(ThreadTuner(scheduler) { display.chose($0, $1) })
    }
    do {
      _ = try trainer.run(evaluator: evaluator, observers: observers, stop: interruption.stop)
    } catch {
      recorder.abandon()
      throw error
    }
    try recorder.finish()
    try reports.finish()
    let progress = trainer.progress
    try interruption.check(
      "saved after step \(progress.step), in epoch \(progress.epoch + 1); go on with "
        + "--run \(run.path.printable()) --resume"
        + (job.report.history ? ", or look at it with skein report" : ""))
    try reports.end()
    display.end(run, page: job.report.history ? run.reportFile : nil)
  }

  /// A folder that holds a run is never overwritten by accident.
  private func refuseRun(in run: RunFolder) throws {
    guard !resume && run.holdsRun else { return }
    throw UsageError(
      description: "\(run.path.printable()) holds a run already: add --resume to go on with it, "
        + "or choose another folder with --run")
  }

  private func defaultFolder(_ name: String) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let path = "Runs/\(name)-\(formatter.string(from: Date()))"
    // Jobs of one name may begin within one second.
    let numbered = (2...).lazy.map { "\(path)-\($0)" }
    guard FileManager.default.fileExists(atPath: path) else { return path }
    return numbered.first { !FileManager.default.fileExists(atPath: $0) } ?? path
  }
}
