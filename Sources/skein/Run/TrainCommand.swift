import ArgumentParser
import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinRun
import SkeinTraining
import SkeinWorkers

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
        skein train --run Runs/first --resume
      """)

  @Argument(
    help: "The job file (YAML). With --resume it may be left out: the run has its own.",
    completion: .file(extensions: ["yaml", "yml"]))
  var job: String?

  @OptionGroup var settings: JobSettings

  @OptionGroup var count: ThreadOption

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
    if job == nil && !resume {
      throw ValidationError("expected a job file: skein train JOB, or --run DIR --resume")
    }
  }

  func run() throws {
    let interruption = Interruption()
    let named = folder.map { RunFolder(path: $0, warn: warn) }
    if let named {
      try named.inspect()
      try refuseRun(in: named)
    }
    let prepared = try PreparedJob(loadJob(named), threads: count.threads)
    let job = prepared.job
    let run = named ?? RunFolder(path: defaultFolder(job.name), warn: warn)
    let (train, test) = try load(prepared, interruption)
    let scheduler = try DispatchScheduler(threads: prepared.threads)
    try interruption.check("before training began")

    let lock = try run.open()
    defer { withExtendedLifetime(lock) {} }
    try refuseRun(in: run)
    if resume && !run.holdsRun {
      printWrapped("no run in \(run.path.printable()) to go on with: training begins")
    }
    let checkpoint = try prepared.open(run, allowingChanges: allowChanges, warn: warn)
    let scaleHint = try prepared.record(train, in: run, warn: warn).scaleHint
    let stopwatch =
      job.report.history ? Stopwatch(scheduler, period: WorkerClock.period) : nil
    let trainer = prepared.makeTrainer(
      prepared.scaled(train), scheduler: stopwatch ?? scheduler)
    if let checkpoint { trainer.restore(checkpoint.state) }
    let display = ProgressDisplay()
    display.begin(prepared, train: train.count, test: test?.count, from: trainer.progress)
    if let scaleHint { warn(scaleHint) }
    let evaluator = test.map {
      prepared.makeEvaluator(
        trainer.model, prepared.scaled($0), workers: scheduler.workerCount)
    }
    let recorder = RunRecorder(
      run, trainer: trainer, identity: prepared.identity, options: job.checkpoint,
      epochs: job.training.epochs, resumed: checkpoint)
    let watch = DatasetWatch([train] + (test.map { [$0] } ?? []), warn: warn)
    let reports = try RunReports(
      prepared, trainer.model, train: train, test: test, evaluator: evaluator, folder: run,
      progress: trainer.progress)
    let divergence = try DivergenceWatch(
      trainer.model, prepared.objective, source: prepared.scaled(train),
      learningRate: job.optimizer.learningRate, hint: scaleHint, warn: warn)
    var observers: [any TrainingObserver] =
      reports.observers + [recorder, display, watch, divergence]
    if let stopwatch { observers.append(WorkerClock(stopwatch)) }
    if prepared.choosesThreads && scheduler.workerCount > 1 {
      observers.append(ThreadTuner(scheduler) { display.chose($0, $1) })
    }
    do {
      _ = try trainer.run(evaluator: evaluator, observers: observers, stop: interruption.stop)
    } catch {
      if recorder.rescue(), trainer.progress.step > 0 {
        complain(saved(trainer.progress, in: run))
      }
      throw error
    }
    try recorder.finish()
    try reports.finish()
    try interruption.check(
      saved(trainer.progress, in: run)
        + (job.report.history ? ", or look at it with skein report" : ""))
    try reports.end()
    let metric = job.checkpoint.best
    display.end(
      run, best: try recorder.bestEpoch ?? run.bestEpoch(by: metric),
      chosen: metric.explanation(isEvaluated: test != nil),
      page: job.report.history ? run.reportFile : nil)
    try interruption.check("training is done, and everything is saved")
  }

  /// The splits in memory. Reading large ones takes long: a signal ends it at the next shard.
  private func load(
    _ prepared: PreparedJob, _ interruption: Interruption
  ) throws -> (train: Split, test: Split?) {
    let stop = interruption.stop
    let progress = Progress("loading")
    defer { progress.end() }
    do {
      return try prepared.loadSplits(
        isCancelled: { stop.isRaised }, report: { progress.report($0, of: $1) })
    } catch let error as CancellationError {
      try interruption.check("before training began")
      throw error
    }
  }

  /// What is saved, and the command that goes on with it.
  private func saved(_ progress: TrainingProgress, in run: RunFolder) -> String {
    "saved after step \(progress.step), in epoch \(progress.epoch + 1); go on with: "
      + "skein train --run \(run.path.shellWord) --resume"
  }

  /// The job that the arguments name, or else the run's own.
  private func loadJob(_ run: RunFolder?) throws -> Job {
    if let job { return try Job.load(path: job, settings: settings.settings).job }
    guard let run, run.holdsRun else {
      let path = folder ?? ""
      throw UsageError(
        description: "no run in \(path.printable()) to go on with: name the job file to begin one, "
          + "as in skein train JOB --run \(path.shellWord), or look for the run's right folder")
    }
    return try Job.load(path: run.jobFile, settings: settings.settings).job
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
    guard fileExists(path) else { return path }
    return numbered.first { !fileExists($0) } ?? path
  }
}
