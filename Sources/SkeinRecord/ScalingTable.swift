/// How the speed of training grows with the number of threads: what `skein bench --json` writes.
public struct ScalingTable: Codable, Sendable, Equatable {
  /// The measurement for one number of threads.
  public struct Row: Codable, Sendable, Equatable {
    /// How many threads trained, ≥ 1.
    public var threads: Int
    /// The median speed of the repetitions, in samples per second, > 0.
    public var samplesPerSecond: Double
    /// `samplesPerSecond` divided by that of one thread.
    public var speedup: Double
    /// `speedup` divided by `threads`: 1 where more threads cost nothing.
    public var efficiency: Double
    /// How much repeated measurements differ: the distance of their quartiles / median.
    public var spread: Double

    /// Nothing is checked.
    public init(
      threads: Int, samplesPerSecond: Double, speedup: Double, efficiency: Double, spread: Double
    ) {
      self.threads = threads
      self.samplesPerSecond = samplesPerSecond
      self.speedup = speedup
      self.efficiency = efficiency
      self.spread = spread
    }
  }

  /// The name of the job.
  public var job: String
  /// The host's name.
  public var machine: String
  /// How many cores the process may use, ≥ 1.
  public var cores: Int
  /// The processor's name.
  public var cpu: String
  /// A row per number of threads, in rising order.
  public var rows: [Row]
  /// Nil where there are too few rows for one.
  public var fit: ScalingFit?

  /// Nothing is checked.
  public init(
    job: String, machine: String, cores: Int, cpu: String, rows: [Row], fit: ScalingFit?
  ) {
    self.job = job
    self.machine = machine
    self.cores = cores
    self.cpu = cpu
    self.rows = rows
    self.fit = fit
  }
}
