/// How the speed of training grows with the number of threads: what `skein bench --json` writes.
public struct ScalingTable: Codable, Sendable, Equatable {
  /// The measurement for one number of threads.
  public struct Row: Codable, Sendable, Equatable {
    public var threads: Int
    public var samplesPerSecond: Double
    /// samplesPerSecond divided by that of one thread.
    public var speedup: Double
    /// speedup divided by threads.
    public var efficiency: Double
    /// How much repeated measurements differ: the distance of their quartiles / median.
    public var spread: Double

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
  public var cores: Int
  /// The processor's name.
  public var cpu: String
  public var rows: [Row]
  /// Nil where there are too few rows for one.
  public var fit: ScalingFit?

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
