import SkeinConfig
import SkeinData
import SkeinRun

/// What a benchmark trains: a job, with its samples in memory.
public struct Workload {
  private let job: Job
  /// The job at the first point of the plan: strong scaling with the fewest threads.
  let prepared: PreparedJob
  /// The training samples, divided by the job's scale.
  let source: any SampleSource

  /// Prepares `job` for every point of `plan`, and loads its samples.
  ///
  /// - Parameters:
  ///   - job: what is trained. Its epochs are not counted, and no history is recorded.
  ///   - plan: the points to train at.
  ///   - load: loads the job's training split.
  /// - Throws: what `load` throws, and what `PreparedJob` throws at one of the points, such as for
  ///   too little memory: nothing is measured before.
  public init(
    _ job: Job, _ plan: BenchmarkPlan, load: (PreparedJob) throws -> Split
  ) throws {
    var endless = job
    // A benchmark records no history, so it needs no memory for one.
    endless.report.history = false
    // The most that a job file can ask for: the window ends the training long before.
    endless.training.epochs = 1_000_000_000
    let points = try plan.points.map { try Self.prepare(endless, $0) }
    self.job = endless
    prepared = points[0]
    source = prepared.scaled(try load(prepared))
  }

  /// The job at `point`.
  ///
  /// - Throws: what `PreparedJob` throws.
  func prepare(_ point: BenchmarkPlan.Point) throws -> PreparedJob { try Self.prepare(job, point) }

  /// The same for steps that all have as many samples: an epoch's smaller last batch is left out,
  /// unless it is the only one.
  func prepareWholeBatches(_ point: BenchmarkPlan.Point) throws -> PreparedJob {
    var job = job
    if prepared.largestBatch == job.training.batchSize { job.training.dropLast = true }
    return try Self.prepare(job, point)
  }

  private static func prepare(_ job: Job, _ point: BenchmarkPlan.Point) throws -> PreparedJob {
    var scaled = job
    // A job file can ask for no larger batch.
    scaled.training.batchSize = min(
      point.batchSize(base: job.training.batchSize), Int(Int32.max))
    return try PreparedJob(checked: scaled, exactly: point.threads)
  }
}
