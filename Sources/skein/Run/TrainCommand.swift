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
      (metrics.jsonl) and checkpoints. Weights are bit-identical for every number of threads.

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

  func run() throws {
    let (_, prepared) = try options.prepare()
    let job = prepared.job
    let run = RunFolder(path: folder ?? defaultFolder(job.name))
    guard resume || !run.holdsRun else {
      throw UsageError(
        description: "\(run.path.printable()) holds a run already: add --resume to go on with it, "
          + "or choose another folder with --run")
    }
    let (train, test) = try prepared.loadSplits()
    let (model, generator) = prepared.makeModel()
    let scheduler = try DispatchScheduler(threads: prepared.threads)
    let trainer = Trainer(
      model, loss: job.loss, source: train, scale: job.data.scale, optimizer: job.optimizer,
      options: job.training, shards: prepared.shards, scheduler: scheduler, generator: generator)
    let display = ProgressDisplay()
    var best = -1.0
    if run.holdsRun {
      if let checkpoint = try run.newestCheckpoint(
        prepared.architecture, warn: { display.warn($0) })
      {
        trainer.restore(checkpoint)
        best = checkpoint.bestAccuracy
      }
      try run.truncateMetrics(after: trainer.progress.epoch)
    } else {
      try run.create(job: job.yaml)
    }
    display.begin(prepared, train: train.count, test: test?.count, from: trainer.progress.epoch)
    let evaluator = test.map {
      Evaluator(
        model, loss: job.loss, source: $0, scale: job.data.scale, workers: scheduler.workerCount)
    }
    let recorder = RunRecorder(
      run, trainer: trainer, options: job.checkpoint, epochs: job.training.epochs,
      bestAccuracy: best)
    let watch = DatasetWatch([train] + (test.map { [$0] } ?? []))
    _ = try trainer.run(evaluator: evaluator, observers: [recorder, display, watch])
    display.end(run)
  }

  private func defaultFolder(_ name: String) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    return "Runs/\(name)-\(formatter.string(from: Date()))"
  }
}
