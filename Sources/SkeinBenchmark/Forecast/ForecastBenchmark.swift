import SkeinRecord
import SkeinRun
import SkeinWorkers

/// Measures the parts of a workload's step on two cores, and predicts its speed-up on more.
///
/// Where this machine has the cores, it measures the speed-up as well: so two cores always show
/// how good a prediction is.
public struct ForecastBenchmark {
  private let workload: Workload
  private let cores: [Int]
  private let repeats: Int
  private let seconds: Double
  private let clock: NanosecondClock

  /// The least number of cores that it can measure with.
  public static let leastCores = 2

  /// A benchmark of `workload`, which was prepared for the thread counts of `plan(cores)`.
  ///
  /// - Parameters:
  ///   - cores: numbers of cores to predict for, each from 1 to
  ///     `DispatchScheduler.maximumThreads`.
  ///   - repeats: rounds of measurements, > 0.
  ///   - seconds: how long one measurement is at least, > 0.
  ///   - clock: tests bring their own.
  public init(
    _ workload: Workload, cores: [Int], repeats: Int, seconds: Double,
    clock: NanosecondClock = .monotonic
  ) {
    self.workload = workload
    self.cores = Self.plan(cores).points.map(\.threads)
    self.repeats = repeats
    self.seconds = seconds
    self.clock = clock
  }

  /// The thread counts that are measured: those asked for, one, and two.
  public static func plan(_ cores: [Int]) -> BenchmarkPlan {
    BenchmarkPlan(threads: cores + [1, 2])
  }

  /// Measures, and predicts.
  ///
  /// Every repetition has a model, a trainer and workers of its own, and the thread counts take
  /// turns, as in `ScalingBenchmark`. Figures are lower quartiles over all steps: what disturbs a
  /// measurement makes it longer, and the longest of many items is what counts.
  ///
  /// - Parameter report: gets, after each measurement, how many are done, and how many there are.
  /// - Throws: `WorkerStartError`, and what training throws.
  public func run(
    report: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> ForecastReport {
    let mostWorkers = min(
      Machine.availableCores, try workload.prepared.job.parallel.pin.mostWorkers)
    let whole = cores.filter { $0 <= mostWorkers }
    let total = repeats * (cores.count + whole.count)
    var done = 0
    var steps: [Int: [Double]] = [:]
    var played: [Int: [StepSamples]] = [:]
    for _ in 0..<repeats {
      for count in whole {
        steps[count, default: []] += try measure(count)
        done += 1
        report(done, total)
      }
      for count in cores {
        played[count, default: []].append(try play(count))
        done += 1
        report(done, total)
      }
    }
    let parts = try cores.map { count in
      StepParts(
        cores: count, played[count] ?? [],
        calls: try CallCost.measure(workers: count, clock: clock))
    }
    let rate = try MemoryRate.measure(try DispatchScheduler(exactly: 2), clock: clock)
    return ForecastReport(
      machine: .current, prepared: workload.prepared, repeats: repeats, parts: parts,
      memory: StepMemory(workload.prepared, rate: rate),
      oneCoreRate: try MemoryRate.measure(SerialScheduler(), clock: clock),
      measured: steps.compactMapValues { Statistics($0)?.lowerQuartile })
  }

  /// The nanoseconds of each step on `count` threads.
  private func measure(_ count: Int) throws -> [Double] {
    let prepared = try workload.prepareWholeBatches(.init(.strong, threads: count))
    let scheduler = try DispatchScheduler(threads: count, pinning: prepared.job.parallel.pin)
    let samples = StepSamples(seconds: seconds, clock: clock)
    _ = try prepared.makeTrainer(workload.source, scheduler: scheduler)
      .run(observers: [samples], stop: samples.stop)
    return samples.steps
  }

  /// The items of `count` workers, one worker after the other.
  private func play(_ count: Int) throws -> StepSamples {
    let prepared = try workload.prepareWholeBatches(.init(.strong, threads: count))
    let scheduler = try OneOfMany(workers: count, clock: clock)
    let samples = StepSamples(scheduler, seconds: seconds, clock: clock)
    _ = try prepared.makeTrainer(workload.source, scheduler: scheduler)
      .run(observers: [samples], stop: samples.stop)
    return samples
  }
}

extension StepParts {
  /// The lower quartiles of `samples`, which were taken of steps on `cores` workers.
  init(cores: Int, _ samples: [StepSamples], calls: Double) {
    func times(_ phase: String) -> [Double] {
      let all = samples.compactMap { $0.items[phase] }
      return (all.first ?? []).indices.map { item in
        Statistics(all.flatMap { $0[item] })?.lowerQuartile ?? 0
      }
    }
    self.init(
      cores: cores, slices: times(WorkerTimes.forwardBackwardPhase),
      items: times(WorkerTimes.reduceUpdatePhase), calls: calls,
      serial: max(0, Statistics(samples.flatMap(\.serial))?.lowerQuartile ?? 0))
  }
}

extension StepMemory {
  /// What a step of `job` touches: parameters and the optimizer's states, the weights as both
  /// passes read them, and for each sample what each layer computes, and its gradient.
  init(_ job: PreparedJob, rate: Double) {
    let parameters = Double(job.network.layout.parameterCount)
    // The gradients' products read no weights; both others read each weight once.
    let weights = max(0, job.network.trainingMultiplyAdds - parameters)
    let states = parameters * Double(1 + job.job.stateNames.count)
    // What gradients of weights are computed from is copied, and with bf16 rounded.
    let (isRounded, size) = (job.job.training.bf16, job.network.size)
    let copied = isRounded ? size.roundedBFloat16 : size.copied
    let rows =
      Double(job.largestBatch) * (2 * Double(job.network.widths.reduce(0, +)) + copied)
    let bytes = Double(MemoryLayout<Float>.stride)
    let weightBytes = (isRounded ? bytes / 2 : bytes) * weights
    self.init(
      bytesPerSlice: weightBytes, updateBytes: bytes * (2 * states + rows) + 2 * weightBytes,
      touchedBytes: bytes * (states + rows) + weightBytes,
      cacheBytes: MemoryRate.lastCache.map(Double.init), rate: rate)
  }
}
