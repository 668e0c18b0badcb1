import ArgumentParser
import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinRun

/// `skein train JOB`: trains a model and writes a run folder.
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

  @Flag(
    help: """
      Go on with the run in --run from its last checkpoint. Without a run in that folder, training \
      begins there with the job file that is named.
      """)
  var resume = false

  @Flag(help: "With --resume: go on although the job, the dataset or the order of sums changed.")
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
      if !resume { try named.refuseRun() }
    }
    let prepared = try PreparedJob(checked: loadJob(named), threads: count.threads)
    let splits = try load(prepared, interruption)
    try interruption.check("before training began")

    let run = try TrainingRun(
      prepared, in: named ?? RunFolder(path: defaultFolder(prepared.job.name), warn: warn),
      splits: splits, resumes: resume, allowingChanges: allowChanges, warn: warn)
    if resume && run.isNew {
      printWrapped("no run in \(run.folder.path.printable()) to go on with: training begins")
    }
    let display = ProgressDisplay()
    display.begin(run)
    if let hint = run.scaleHint { warn(hint) }
    let isDone: Bool
    do {
      isDone = try run.train(
        observers: [display], stop: interruption.stop, chose: display.chose,
        drawing: display.drew)
    } catch {
      display.clear()
      // After the last epoch nothing is left to train: then the history or the page has failed.
      if run.isSaved, run.trainer.progress.step > 0, !isFinished(run) { complain(saved(run)) }
      // With the best epoch known, only the page has failed: the training has its results.
      if run.isSaved, run.bestEpoch != nil { display.end(run, hasPage: false) }
      throw error
    }
    if !isDone {
      let hasHistory = prepared.job.report.history
      try interruption.check(
        isFinished(run)
          ? "training is done, and saved" + (hasHistory ? "; skein report draws its page" : "")
          : saved(run) + (hasHistory ? ", or look at it with skein report" : ""))
    }
    display.end(run)
    try interruption.check("training is done, and everything is saved")
  }

  /// Loads the splits into memory. Large ones take long, so a signal ends this at the next shard
  /// file.
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

  /// Whether no epoch is left to train.
  private func isFinished(_ run: TrainingRun) -> Bool {
    run.trainer.isOver
  }

  /// A message that says what is saved, and which command goes on from there.
  private func saved(_ run: TrainingRun) -> String {
    let progress = run.trainer.progress
    return "saved after step \(progress.step), in epoch \(progress.epoch + 1); go on with: "
      + "skein train --run \(run.folder.path.shellWord) --resume"
  }

  /// The job that the arguments name, or else that of the run.
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

  /// A new folder for a run of the job `name`, with the date and the time in its name.
  private func defaultFolder(_ name: String) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let path = "Runs/\(name)-\(formatter.string(from: Date()))"
    // Two jobs of one name may begin within the same second.
    let numbered = (2...).lazy.map { "\(path)-\($0)" }
    guard fileExists(path) else { return path }
    return numbered.first { !fileExists($0) } ?? path
  }
}
