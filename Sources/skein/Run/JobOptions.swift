import ArgumentParser
import SkeinConfig
import SkeinRun
import SkeinWorkers

/// The option `--set`, for keys of the job file.
struct JobSettings: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set a key of the job file, as optimizer.learningRate=0.01; may be repeated. A data.path "
        + "is relative to the current folder here, and ~/ is the home folder.",
      valueName: "key=value"),
    completion: .list(Job.keys.map { $0 + "=" }))
  var settings: [String] = []
}

/// The option `--threads` of commands that take one thread count.
struct ThreadOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How many threads at most; wins over parallel.threads. There are never more at work than "
        + "cores, and fewer where that is faster. The results do not depend on it."))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...DispatchScheduler.maximumThreads).contains(threads) {
      throw ValidationError(
        "--threads \(threads): a number from 1 to \(DispatchScheduler.maximumThreads)")
    }
  }
}

/// The options of every command that takes a job file and one thread count.
struct JobOptions: ParsableArguments {
  @Argument(help: "The job file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var job: String

  @OptionGroup var settings: JobSettings

  @OptionGroup var count: ThreadOption

  /// Reads the job file, and opens the job's dataset.
  func prepare() throws -> (LoadedJob, PreparedJob) {
    let loaded = try Job.load(path: job, settings: settings.settings)
    return (loaded, try PreparedJob(checked: loaded.job, threads: count.threads))
  }
}

/// The options of every command that reads a run.
struct RunOptions: ParsableArguments {
  @Argument(help: "The run's folder.", completion: .directory)
  var run: String

  @Option(
    help: "Which checkpoint: best, last, or a file.",
    completion: .custom { words, _, _ in CheckpointCompletion.candidates(words) })
  var checkpoint = "best"

  /// Reads the run and its model.
  func trained() throws -> TrainedRun {
    try TrainedRun(RunFolder(path: run), checkpoint: checkpoint)
  }
}
