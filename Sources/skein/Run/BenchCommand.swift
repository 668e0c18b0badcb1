import ArgumentParser
import SkeinBenchmark
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinReport
import SkeinWorkers

/// `skein bench JOB` and `skein bench --data DATASET`: measures training, or the decoding of a
/// dataset.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how training scales with threads, or how fast a dataset decodes.",
    discussion: """
      Trains the job with each number of threads in turns, and prints samples per second, speed-up \
      and efficiency, GFLOP/s against what the cores can do, where the workers' time goes, and a \
      fit that predicts larger machines; also the machine's topology, and where the workers ran \
      (parallel.pin). There are never more threads than cores. Nothing is saved. With --data it \
      loads a dataset instead, against `zstd -dc` on the same files. With --predict it tells how \
      fast more cores would train, from parts of a step that it measures on two.

      Spread is the distance of the quartiles as a share of the median. Shares of time are of all \
      workers together: reduce+update includes computing the weights' gradients (forward+backward \
      ends before them), waiting is without work while others have some, serial is where only one \
      can have any. Speed-ups are against one thread. With --slices each thread count works \
      through its batches in so many pieces, and speed-ups are against the first row: what \
      cutting costs. The peak is that of multiply-adds of Floats, which training.bf16 can pass.

      --predict measures how long one of n workers takes for its slices and its blocks of \
      parameters, while a second thread does those of all others; what calls to n workers cost; \
      what only one worker can do; and the memory. The step of n cores is the last worker's time \
      with the rest. It takes for granted that all cores run as fast as two do and share the last \
      cache, so it is a forecast and no measurement; where there are cores, both are shown. f+b \
      is forward+backward, r+u reduce+update; cut is what smaller pieces cost, uneven is waiting \
      for the last worker.

      Example:
        skein bench Configs/bench/mid.yaml --threads 1,2,4 --weak --svg mid.svg
        skein bench Configs/lines.yaml --repeats 3 --json lines.json
        skein bench Configs/bench/mid.yaml --predict 2,4,8,16
        skein bench --data Datasets/digits
      """)

  @Argument(help: "The job file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var job: String?

  @OptionGroup var settings: JobSettings

  @Option(
    help: ArgumentHelp("Thread counts (default: 1, 2, 4, … and all cores).", valueName: "1,2,…"))
  var threads: ThreadCounts?

  @Option(
    help: ArgumentHelp(
      "Cut each batch into so many slices (default: as suits the threads).", valueName: "1,4,…"))
  var slices: SliceCounts?

  @Option(help: "How often each is measured.")
  var repeats = 5

  @Option(help: "Steps of one repetition.")
  var steps: Int?

  @Option(help: "Seconds of one repetition, where --steps is not given.")
  var seconds = 0.5

  @Flag(help: "Also measure weak scaling: a batch that grows with the threads.")
  var weak = false

  @Option(
    help: ArgumentHelp(
      "Instead predict the speed-up on so many cores, from parts of a step.", valueName: "8,16,…"))
  var predict: ThreadCounts?

  @Option(
    help: ArgumentHelp("Load this dataset instead of training.", valueName: "dataset"),
    completion: .directory)
  var data: String?

  @Option(
    help: ArgumentHelp("Also write everything as JSON.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var json: String?

  @Option(
    help: ArgumentHelp("Also draw speed-up against threads.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var svg: String?

  func validate() throws {
    if let json { try FileKind.json.check(json, option: "--json") }
    if let svg { try FileKind.picture.check(svg, option: "--svg") }
    guard (job == nil) != (data == nil) else {
      throw ValidationError("expected a job file, or --data and a dataset")
    }
    if data != nil,
      svg != nil || weak || slices != nil || steps != nil || predict != nil
        || !settings.settings.isEmpty
    {
      throw ValidationError("--data goes with --threads, --repeats and --json only")
    }
    if predict != nil, svg != nil || weak || slices != nil || steps != nil || threads != nil {
      throw ValidationError("--predict goes with --repeats, --seconds, --set and --json only")
    }
    guard (1...10_000).contains(repeats) else {
      throw ValidationError("--repeats \(repeats): expected a number from 1 to 10000")
    }
    if let steps, !(1...1_000_000_000).contains(steps) {
      throw ValidationError("--steps \(steps): expected a number from 1 to 1000000000")
    }
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds \(seconds): expected a number above 0, up to 3600")
    }
  }

  func run() throws {
    // A benchmark takes minutes, so it first checks whether its files can be written.
    for path in [json, svg].compactMap(\.self) { try OutputFile.check(path) }
    if let data { return try measureDecoding(data) }
    guard let job else { return }
    let loaded = try Job.load(path: job, settings: settings.settings)
    if let predict { return try forecast(loaded.job, predict.counts) }
    let plan = BenchmarkPlan(
      threads: threads == nil && slices != nil
        ? [1] : try threadCounts(loaded.job.parallel.pin),
      slices: slices?.counts ?? [], includesWeak: weak, repeats: repeats,
      length: steps.map { .steps($0) } ?? .seconds(seconds))
    let workload = try workload(loaded.job, plan)
    let isLong = steps == nil && seconds >= 2
    let report = try Progress.show("measuring", patience: isLong ? 0 : 2) { report in
      report(0, plan.order.count)
      return try ScalingBenchmark(workload, plan).run(report: report)
    }
    print(report.text(width: Terminal.columns), terminator: "")
    if let json { try write(report, to: json) }
    if let svg { try OutputFile.write(Array(report.figure.file.utf8), to: svg) }
  }

  private func forecast(_ job: Job, _ cores: [Int]) throws {
    guard Machine.availableCores >= ForecastBenchmark.leastCores else {
      throw UsageError(description: "--predict measures on two cores, and there is one")
    }
    let benchmark = ForecastBenchmark(
      try workload(job, ForecastBenchmark.plan(cores)), cores: cores, repeats: repeats,
      seconds: seconds)
    let report = try Progress.show("measuring") { try benchmark.run(report: $0) }
    print(report.text(width: Terminal.columns), terminator: "")
    if let json { try write(report, to: json) }
  }

  private func workload(_ job: Job, _ plan: BenchmarkPlan) throws -> Workload {
    try Workload(job, plan) { prepared in
      try Progress.show("loading") {
        try prepared.dataset.load(
          prepared.job.data.train, threads: Machine.availableCores, report: $0)
      }
    }
  }

  private func measureDecoding(_ path: String) throws {
    let cores = Machine.availableCores
    let benchmark = DecodeBenchmark(try DatasetFolder(opening: path), repeats: repeats)
    let report = try Progress.show("measuring") {
      try benchmark.run(threads: threads?.counts ?? [1, cores], report: $0)
    }
    print(report.text(width: Terminal.columns), terminator: "")
    if let json { try write(report, to: json) }
  }

  /// The thread counts that were asked for, or the powers of 2 below the number of cores, and that
  /// number. Says where there are fewer cores than threads asked for.
  private func threadCounts(_ pinning: Pinning) throws -> [Int] {
    let most = min(
      Machine.availableCores, DispatchScheduler.maximumThreads, try pinning.mostWorkers)
    guard let asked = threads?.counts else {
      return sequence(first: 1) { 2 * $0 }.prefix { $0 < most } + [most]
    }
    if let more = asked.max(), more > most {
      printWrapped("\(counted(more, "thread")) asked for, at most \(most) measured: one per core")
    }
    return asked.map { min($0, most) }
  }

  private func write(_ value: some Encodable, to path: String) throws {
    try OutputFile.write(
      Array((try JSONText.encode(value, isPretty: true) + "\n").utf8), to: path)
  }
}

/// The argument of `--slices`: numbers from 1 on, as "1,4,16".
struct SliceCounts: ExpressibleByArgument {
  let counts: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    counts = parts.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    let isValid = counts.allSatisfy { (1...1_000_000).contains($0) }
    guard !counts.isEmpty, counts.count == parts.count, isValid else { return nil }
  }
}
