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

  /// Two laws, each fitted to the rows on its own:
  /// Amdahl's, speed-up(n) = 1 / (serialFraction + (1 − serialFraction)/n), and the universal
  /// scalability law, speed-up(n) = n / (1 + contention·(n − 1) + coherence·n·(n − 1)), which with
  /// a `coherence` of 0 is Amdahl's with `contention` as the serial fraction.
  /// Sources: Amdahl 1967; Gunther, "Guerrilla Capacity Planning", 2007, chapter 4.
  public struct Fit: Codable, Sendable, Equatable {
    public var serialFraction: Double
    public var contention: Double
    public var coherence: Double

    public init(serialFraction: Double, contention: Double, coherence: Double) {
      self.serialFraction = serialFraction
      self.contention = contention
      self.coherence = coherence
    }

    /// The speed-up that the universal scalability law expects of `threads`.
    public func speedup(_ threads: Double) -> Double {
      threads / (1 + contention * (threads - 1) + coherence * threads * (threads - 1))
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
  public var fit: Fit?

  public init(
    job: String, machine: String, cores: Int, cpu: String, rows: [Row], fit: Fit?
  ) {
    self.job = job
    self.machine = machine
    self.cores = cores
    self.cpu = cpu
    self.rows = rows
    self.fit = fit
  }
}
