import SkeinRun
import SkeinWorkers

/// Measures how fast a workload trains with each number of threads.
///
/// Every repetition has a model, a trainer and workers of its own. The system happens to place
/// their memory somewhere else each time, which then changes the spread and not the result.
///
/// A repetition warms up first. Then it is timed, without any clock inside the trainer. Then it
/// trains a quarter as many steps with clocks, which show where the time goes.
public struct ScalingBenchmark {
  private let workload: Workload
  private let plan: BenchmarkPlan
  private let clock: NanosecondClock

  /// A benchmark of `workload`.
  ///
  /// - Parameters:
  ///   - workload: what is trained.
  ///   - plan: which configurations are measured, and how often.
  ///   - clock: tests bring their own.
  public init(_ workload: Workload, _ plan: BenchmarkPlan, clock: NanosecondClock = .monotonic) {
    self.workload = workload
    self.plan = plan
    self.clock = clock
  }

  /// Runs the plan.
  ///
  /// - Parameter report: gets, after each repetition, how many are done, and how many there are.
  /// - Throws: `WorkerStartError`, and what training throws, such as
  ///   `NonFiniteError`.
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
      machine: .current, workload: workload, plan: plan, repetitions: repetitions)
  }

  private func measure(_ point: BenchmarkPlan.Point) throws -> Repetition {
    let prepared = try workload.prepare(point)
    let pinning = prepared.job.parallel.pin
    let scheduler =
      point.threads <= min(Machine.availableCores, try pinning.mostWorkers)
      ? try DispatchScheduler(threads: point.threads, pinning: pinning)
      : try DispatchScheduler(exactly: point.threads, steals: true)
    let peak = try FMAPeak.measure(scheduler, clock: clock)
    let window = StepWindow(plan.length, clock: clock)
    _ = try prepared.makeTrainer(workload.source, scheduler: scheduler, slices: point.slices)
      .run(observers: [window], stop: window.stop)
    return Repetition(
      batchSize: prepared.largestBatch,
      batchShards: prepared.shards.count(of: prepared.largestBatch), steps: window.steps,
      samplesPerSecond: Double(window.samples) / (Double(max(window.nanoseconds, 1)) / 1e9),
      shares: try timeShares(
        prepared, scheduler, slices: point.slices, steps: max(2, window.steps / 4)),
      peak: peak, placement: scheduler.placement)
  }

  /// Where the workers' time goes. A training of its own measures it.
  private func timeShares(
    _ prepared: PreparedJob, _ scheduler: DispatchScheduler, slices: Int?, steps: Int
  ) throws -> TimeShares {
    let stopwatch = Stopwatch(scheduler, clock: clock)
    let source = TimedSource(workload.source, clock: clock)
    let window = StepWindow(
      .steps(steps), warmUp: (2, 10_000_000), clock: clock,
      began: { _ = TimeShares.take(stopwatch, gather: source.total) })
    _ = try prepared.makeTrainer(source, scheduler: stopwatch, slices: slices)
      .run(observers: [window], stop: window.stop)
    let times = TimeShares.take(stopwatch, gather: source.total)
    return TimeShares(
      gather: times.gather, forwardBackward: times.forwardBackward,
      reduceUpdate: times.reduceUpdate, phases: times.phases, workers: scheduler.workerCount,
      elapsed: window.nanoseconds)
  }
}
