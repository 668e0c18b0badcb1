import SkeinRecord
import SkeinTraining

/// The results of a scaling benchmark, as `skein bench --json` writes them.
///
/// The fields `job`, `machine`, `cores`, `cpu`, `rows` and `fit` alone are a `ScalingTable`, which
/// reports draw.
public struct BenchmarkReport: Codable, Sendable, Equatable {
  /// The job's name.
  public var job: String
  /// The host's name.
  public var machine: String
  /// Cores that the process may use.
  public var cores: Int
  /// The processor's model.
  public var cpu: String
  /// Strong scaling: a row per thread count, in rising order. All rows have the same batch size.
  public var rows: [Row]
  /// The laws of scaling, fitted to the rows that have a core for each thread. Nil unless one
  /// thread was measured, and also a larger number of threads that has a core for each.
  public var fit: ScalingFit?

  /// Distribution and kernel.
  public var system: String
  /// The versions of what the figures depend on, by name.
  public var versions: [String: String]
  /// What the process may use of the machine, in words; nil where that is not known.
  public var topology: String?
  /// Where the workers ran, with the most threads; nil in reports of earlier editions.
  public var placement: String?
  /// The widths of the network: elements of a sample, neurons of each hidden layer, classes.
  public var layers: [Int]
  /// Samples per step with one thread.
  public var batchSize: Int
  /// Samples of the training split.
  public var samples: Int
  /// How often each configuration was measured.
  public var repeats: Int
  /// Floating-point operations per sample and training step: see `StepCost`.
  public var operationsPerSample: Double
  /// The speed-ups that the fit predicts for 8 to 128 threads; empty without a fit.
  public var predictions: [ScalingPrediction]
  /// Weak scaling: a row per thread count, with batches that grow with the threads. Nil where it
  /// was not measured.
  public var weak: [Row]?

  /// The measurement of one number of threads.
  public struct Row: Codable, Sendable, Equatable {
    /// How fast training was.
    ///
    /// `samplesPerSecond` is the median over the repetitions. `speedup` compares with one thread.
    /// Where one thread was not measured, it compares with the fewest threads that were, and their
    /// own speed-up counts as perfect.
    public var speed: ScalingTable.Row
    /// What the workers did.
    public var work: Work

    init(speed: ScalingTable.Row, work: Work) {
      self.speed = speed
      self.work = work
    }

    /// Reads the fields of `speed` and of `work`, which stand side by side.
    ///
    /// - Throws: `DecodingError` where one is missing or of another type.
    public init(from decoder: any Decoder) throws {
      self.init(speed: try ScalingTable.Row(from: decoder), work: try Work(from: decoder))
    }

    /// Writes the fields of `speed` and of `work` side by side.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
      try speed.encode(to: encoder)
      try work.encode(to: encoder)
    }
  }

  /// What the workers of one number of threads did.
  public struct Work: Codable, Sendable, Equatable {
    /// Samples per second of each repetition.
    public var repetitions: [Double]
    /// Steps of one repetition: the median.
    public var steps: Int
    /// Samples per step.
    public var batchSize: Int
    /// Batch shards per step.
    public var batchShards: Int
    /// Slices per step; nil where they were left to Skein.
    public var slices: Int?
    /// The rate of training, in 10⁹ floating-point operations per second.
    public var gigaflops: Double
    /// The highest rate that `FMAPeak` measured with as many threads, in the same unit.
    public var peakGigaflops: Double
    /// `gigaflops` divided by `peakGigaflops`; 0 without a peak.
    public var peakShare: Double
    /// Where the workers' time went: the median of each share.
    public var time: TimeShares
  }
}

extension BenchmarkReport {
  init(
    machine: BenchmarkMachine, workload: Workload, plan: BenchmarkPlan,
    repetitions: [[Repetition]]
  ) {
    let prepared = workload.prepared
    let cost = StepCost(prepared.network)
    func rows(_ scaling: BenchmarkPlan.Scaling) -> [Row] {
      let found = zip(plan.points, repetitions).filter { $0.0.scaling == scaling }
      return Self.rows(found.map { ($0.0, $0.1) }, cost)
    }
    let strong = rows(.strong)
    let weak = rows(.weak)
    // Threads that share a core say nothing about a machine with a core for each thread.
    let own = strong.filter { $0.work.slices == nil }.map(\.speed)
      .filter { $0.threads <= machine.cores }
    let fit = own.first?.threads == 1 ? ScalingFit(own.map { ($0.threads, $0.speedup) }) : nil
    self.init(
      job: prepared.job.name, machine: machine.machine, cores: machine.cores, cpu: machine.cpu,
      rows: strong, fit: fit, system: machine.system, versions: machine.versions,
      topology: machine.topology, placement: repetitions.last?.last?.placement,
      layers: prepared.network.widths, batchSize: prepared.largestBatch,
      samples: workload.source.count, repeats: plan.repeats, operationsPerSample: cost.operations,
      predictions: fit.map {
        ScalingPrediction.usual(
          $0,
          slices: BatchSlices.most(
            of: prepared.largestBatch, work: prepared.network.trainingMultiplyAdds),
          updateShare: strong[0].work.time.updateShare)
      } ?? [],
      weak: weak.isEmpty ? nil : weak)
  }

  /// A row per point, in the order of `found`. The speed-ups compare with its first element.
  static func rows(
    _ found: [(point: BenchmarkPlan.Point, repetitions: [Repetition])], _ cost: StepCost
  ) -> [Row] {
    func rate(_ repetitions: [Repetition]) -> Double {
      Statistics(repetitions.map(\.samplesPerSecond))?.median ?? 0
    }
    guard let base = found.first, rate(base.repetitions) > 0 else { return [] }
    let perThread = rate(base.repetitions) / Double(base.point.threads)
    return found.compactMap { point, repetitions in
      let threads = point.threads
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
          batchSize: first.batchSize, batchShards: first.batchShards, slices: point.slices,
          gigaflops: operations / 1e9,
          peakGigaflops: peak / 1e9, peakShare: peak > 0 ? operations / peak : 0,
          time: TimeShares(medianOf: repetitions.map(\.shares))))
    }
  }
}
