import SkeinFiles
import SkeinRun

/// Predicted speed-ups with the parts that they come from, as `skein bench --predict --json` writes
/// them.
public struct ForecastReport: Codable, Sendable, Equatable {
  /// The job's name.
  public var job: String
  /// The widths of the network.
  public var layers: [Int]
  /// Samples of a step.
  public var batchSize: Int
  /// How often everything was measured.
  public var repeats: Int
  /// Where it was measured.
  public var machine: BenchmarkMachine
  /// The memory's part.
  public var memory: Memory
  /// A row for each number of cores, in rising order; the first one has one core.
  public var rows: [StepForecast]

  /// How fast the memory is, and what a step wants of it.
  public struct Memory: Codable, Sendable, Equatable {
    /// Bytes per second that one core reads.
    public var oneCore: Double
    /// Bytes per second that two cores read together.
    public var twoCores: Double
    /// Bytes that a step touches.
    public var touched: Double
    /// Bytes of the last cache; nil where unknown.
    public var cache: Double?

    init(oneCore: Double, twoCores: Double, _ use: StepMemory) {
      (self.oneCore, self.twoCores) = (oneCore, twoCores)
      (touched, cache) = (use.touchedBytes, use.cacheBytes)
    }
  }

  /// Predicts from measured parts.
  ///
  /// - Parameters:
  ///   - parts: in rising order of cores, from one.
  ///   - oneCoreRate: bytes per second that one core reads.
  ///   - measured: nanoseconds of a step on so many threads.
  init(
    machine: BenchmarkMachine, prepared: PreparedJob, repeats: Int, parts: [StepParts],
    memory: StepMemory, oneCoreRate: Double, measured: [Int: Double]
  ) {
    job = prepared.job.name
    layers = prepared.network.widths
    batchSize = prepared.largestBatch
    (self.machine, self.repeats) = (machine, repeats)
    self.memory = Memory(oneCore: oneCoreRate, twoCores: memory.rate, memory)
    rows = parts.map { part in
      StepForecast(
        part, against: parts[0], memory: memory,
        measured: measured[1].flatMap { one in measured[part.cores].map { one / $0 } })
    }
  }
}

extension ForecastReport {
  /// The report for a terminal of `width` columns.
  public func text(width: Int) -> String {
    var lines = [
      "\(job.printable()): \(layers.map(String.init).joined(separator: "-")), "
        + "\(counted(batchSize, "sample")) a step; lower quartiles of all steps, "
        + "\(counted(repeats, "repetition"))",
      "\(machine.machine.printable()): \(machine.cpu.printable()), "
        + "\(counted(machine.cores, "core")); \(machine.system.printable())",
      "memory: \(Self.billions(memory.oneCore)) GB/s read by one core, "
        + "\(Self.billions(memory.twoCores)) by two; a step touches "
        + "\(Self.mebibytes(memory.touched)) MiB, the last cache "
        + (memory.cache.map { "has \(Self.mebibytes($0)) MiB" } ?? "is unknown"),
      "", "predicted from parts that were measured on two cores:",
    ]
    lines += speedups.lines(width: width)
    lines += ["", "µs of a step, which add up to it:"]
    lines += parts.lines(width: width)
    return lines.map { $0.wrapped(to: width) + "\n" }.joined()
  }

  private var speedups: TextTable {
    TextTable([
      ("cores", rows.map { "\($0.cores)" }),
      ("slices", rows.map { "\($0.slices)" }),
      ("items", rows.map { "\($0.items)" }),
      ("speed-up", rows.map { decimals($0.speedup, 2) }),
      ("efficiency", rows.map { percent($0.speedup / Double($0.cores)) }),
      ("worst memory", rows.map { decimals($0.worst, 2) }),
      ("measured", rows.map { $0.measured.map { decimals($0, 2) } ?? "–" }),
    ])
  }

  private var parts: TextTable {
    func column(
      _ title: String, _ value: (StepForecast) -> Double
    ) -> (title: String, cells: [String]) {
      (title, rows.map { decimals(value($0) / 1000, 1) })
    }
    return TextTable([
      ("cores", rows.map { "\($0.cores)" }),
      column("ideal", \.parts.ideal),
      column("f+b cut", \.parts.passesCut),
      column("f+b uneven", \.parts.passesUneven),
      column("r+u cut", \.parts.updateCut),
      column("r+u uneven", \.parts.updateUneven),
      column("calls", \.parts.calls),
      column("serial", \.parts.serial),
      column("memory", \.parts.memory),
      column("step", \.step),
    ])
  }

  private static func billions(_ value: Double) -> String { decimals(value / 1e9, 1) }

  private static func mebibytes(_ value: Double) -> String { decimals(value / 1_048_576, 1) }
}
