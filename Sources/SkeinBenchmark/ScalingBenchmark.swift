import SkeinTraining
import SkeinWorkers

/// Measures how fast a workload trains with each number of threads.
///
/// Every repetition has a model, a trainer and workers of its own: where the system happened to put
/// their memory is then part of the spread, and not of the result. It warms up, is timed without
/// any clock in the trainer, and then runs a quarter as long with clocks, which say where the time
/// goes.
public struct ScalingBenchmark {
  private let workload: Workload
  private let plan: BenchmarkPlan
  private let clock: Clock

  public init(_ workload: Workload, _ plan: BenchmarkPlan, clock: Clock = .monotonic) {
    self.workload = workload
    self.plan = plan
    self.clock = clock
  }

  /// Runs the plan.
  ///
  /// - Parameter report: gets how many repetitions are done, and how many there are, after each.
  /// - Throws: `UnsafeLibraryError`, and what training throws, such as `NonFiniteError`.
  public func run(
    report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> BenchmarkReport {
    let total = plan.order.count
    var done = 0
    let repetitions = try plan.run { point in
      let repetition = try measure(point)
      done += 1
      report(done, total)
      return repetition
    }
    return BenchmarkReport(
      job: workload.name, machine: .current, workload: workload, plan: plan,
      repetitions: repetitions)
  }

  private func measure(_ point: BenchmarkPlan.Point) throws -> Repetition {
    let scheduler = try DispatchScheduler(threads: point.threads)
    let setup = try workload.setUp(point)
    let peak = try FMAPeak.measure(scheduler, clock: clock)
    let window = StepWindow(plan.length, clock: clock)
    _ = try setup.trainer(workload.source, scheduler).run(observers: [window], stop: window.stop)
    return Repetition(
      batchSize: setup.batchSize, batchShards: setup.shards.count(of: setup.batchSize),
      steps: window.steps,
      samplesPerSecond: Double(window.samples) / (Double(max(window.nanoseconds, 1)) / 1e9),
      shares: try split(setup, scheduler, steps: max(2, window.steps / 4)), peak: peak)
  }

  /// Where the workers' time goes, from a run of its own.
  private func split(
    _ setup: Workload.Setup, _ scheduler: DispatchScheduler, steps: Int
  ) throws -> TimeShares {
    let stopwatch = Stopwatch(scheduler, clock: clock)
    let source = TimedSource(workload.source, clock: clock)
    let window = StepWindow(
      .steps(steps), warmUp: (2, 10_000_000), clock: clock,
      began: { _ = TimeShares.take(stopwatch, gather: source.total) })
    _ = try setup.trainer(source, stopwatch).run(observers: [window], stop: window.stop)
    let (gather, gradient, update, phases) = TimeShares.take(stopwatch, gather: source.total)
    return TimeShares(
      gather: gather, gradient: gradient, update: update, phases: phases,
      workers: scheduler.workerCount, elapsed: window.nanoseconds)
  }
}
