import SkeinRecord

/// What a benchmark found, as `skein bench --json` writes it.
///
/// `job`, `machine`, `cores`, `cpu`, `rows` and `fit` alone are a scaling table, as reports draw
/// it: strong scaling, the same batch with any number of threads.
public struct BenchmarkReport: Codable, Sendable, Equatable {
  public var job: String
  public var machine: String
  public var cores: Int
  public var cpu: String
  public var rows: [Row]
  /// Of the rows that have a core for each thread; missing where there is none above one thread.
  public var fit: ScalingFit?

  /// Distribution and kernel, and versions of what the figures depend on.
  public var system: String
  public var versions: [String: String]
  /// Samples' elements, hidden layers, classes.
  public var layers: [Int]
  /// Samples a step with one thread, and samples in the training split.
  public var batchSize: Int
  public var samples: Int
  public var repeats: Int
  /// Floating-point operations per sample and training step (see `StepCost`).
  public var operationsPerSample: Double
  /// What the fit says of 8…128 threads.
  public var predictions: [ScalingPrediction]
  /// Weak scaling: a batch that grows with the threads; missing where it was not asked for.
  public var weak: [Row]?

  /// One number of threads.
  public struct Row: Codable, Sendable, Equatable {
    /// Samples per second are the median over the repetitions. The speed-up is against one thread;
    /// where one thread was not measured, against the fewest threads that were, whose speed-up then
    /// counts as perfect.
    public var speed: ScalingTable.Row
    public var work: Work

    init(speed: ScalingTable.Row, work: Work) {
      self.speed = speed
      self.work = work
    }

    public init(from decoder: any Decoder) throws {
      self.init(speed: try ScalingTable.Row(from: decoder), work: try Work(from: decoder))
    }

    /// Writes the fields of both side by side.
    public func encode(to encoder: any Encoder) throws {
      try speed.encode(to: encoder)
      try work.encode(to: encoder)
    }
  }

  /// What the workers of one number of threads did.
  public struct Work: Codable, Sendable, Equatable {
    /// Each repetition's samples per second.
    public var repetitions: [Double]
    /// Steps of one repetition, samples of one step, and into how many pieces they were cut.
    public var steps: Int
    public var batchSize: Int
    public var batchShards: Int
    /// 10⁹ floating-point operations per second.
    public var gigaflops: Double
    /// The most that so many threads were seen to do, with multiply-adds in registers alone.
    public var peakGigaflops: Double
    /// The share of that peak.
    public var peakShare: Double
    public var time: TimeShares
  }
}

extension BenchmarkReport {
  init(
    job: String, machine: BenchmarkMachine, workload: Workload, plan: BenchmarkPlan,
    repetitions: [[Repetition]]
  ) {
    let cost = StepCost(workload.network)
    func rows(_ scaling: BenchmarkPlan.Scaling) -> [Row] {
      let found = zip(plan.points, repetitions).filter { $0.0.scaling == scaling }
      return Self.rows(found.map { ($0.0.threads, $0.1) }, cost)
    }
    let strong = rows(.strong)
    let weak = rows(.weak)
    // Threads that share a core say nothing of a machine that has one for each.
    let own = strong.map(\.speed).filter { $0.threads <= machine.cores }
    let fit = own.first?.threads == 1 ? ScalingFit(own.map { ($0.threads, $0.speedup) }) : nil
    self.init(
      job: job, machine: machine.machine, cores: machine.cores, cpu: machine.cpu, rows: strong,
      fit: fit, system: machine.system, versions: machine.versions,
      layers: workload.network.widths, batchSize: workload.batchSize,
      samples: workload.source.count, repeats: plan.repeats, operationsPerSample: cost.operations,
      predictions: fit.map {
        ScalingPrediction.usual(
          $0, batchShards: workload.shardCount, updateShare: strong[0].work.time.updateShare)
      } ?? [],
      weak: weak.isEmpty ? nil : weak)
  }

  /// Rows in the order of their threads, against the first one.
  static func rows(
    _ found: [(threads: Int, repetitions: [Repetition])], _ cost: StepCost
  ) -> [Row] {
    func rate(_ repetitions: [Repetition]) -> Double {
      Statistics(repetitions.map(\.samplesPerSecond))?.median ?? 0
    }
    guard let base = found.first, rate(base.repetitions) > 0 else { return [] }
    let perThread = rate(base.repetitions) / Double(base.threads)
    return found.compactMap { threads, repetitions in
      guard let first = repetitions.first,
        let rates = Statistics(repetitions.map(\.samplesPerSecond))
      else { return nil }
      let speedup = rates.median / perThread
      let operations = rates.median * cost.operations
      let peak = repetitions.map(\.peak).max() ?? 0
      return Row(
        speed: ScalingTable.Row(
          threads: threads, samplesPerSecond: rates.median, speedup: speedup,
          efficiency: speedup / Double(threads), spread: rates.spread),
        work: Work(
          repetitions: repetitions.map(\.samplesPerSecond),
          steps: Int(Statistics(repetitions.map { Double($0.steps) })?.median ?? 0),
          batchSize: first.batchSize, batchShards: first.batchShards, gigaflops: operations / 1e9,
          peakGigaflops: peak / 1e9, peakShare: peak > 0 ? operations / peak : 0,
          time: TimeShares(medianOf: repetitions.map(\.shares))))
    }
  }
}
