/// What one training step takes on n cores, told from parts that were measured on fewer.
///
/// step(n) = F(n) + U(n) + 2·c(n) + s(n) + m(n), and the speed-up is step(1) / step(n), with
/// - F(n), U(n): when the last of n workers ends its slices of the batch (forward and backward
///   pass), and its blocks of the parameters (reduce and update): `Makespan` of the items' times,
///   which `OneOfMany` measures with the cut that n workers get;
/// - c(n): calling n − 1 workers and waiting for them, twice a step: `CallCost`;
/// - s(n): what the first worker does between the two halves while all others wait;
/// - m(n): what the memory is short of. Where a step's data does not fit the last cache, F and U
///   each last at least as long as two cores take to read what comes from the memory.
///
/// What it takes for granted, because two cores cannot tell: every core runs as fast with n at work
/// as with two; the last cache is shared by all of them and gives each core as much, so that n
/// slices at a time, which go through the same weights in the same order, read them from the memory
/// once; the system takes no core away. On the other side, n cores get no more of the memory than
/// two.
public struct StepForecast: Codable, Sendable, Equatable {
  /// How many cores, each with one worker.
  public var cores: Int
  /// Slices of a batch.
  public var slices: Int
  /// Items of the second half of a step, each of some blocks of parameters.
  public var items: Int
  /// Nanoseconds of a step.
  public var step: Double
  /// How many times as fast as one core.
  public var speedup: Double
  /// The same where each core reads all weights from the memory by itself, which is the worst.
  public var worst: Double
  /// `speedup`, measured; nil where there are fewer cores.
  public var measured: Double?
  /// What a step's nanoseconds are made of.
  public var parts: Parts

  /// What a step's nanoseconds are made of. They add up to `StepForecast.step`.
  public struct Parts: Codable, Sendable, Equatable {
    /// One core's step, divided by the cores.
    public var ideal: Double
    /// By how much each core's share of both passes is longer than that: slices of few rows, which
    /// read all weights each, and what comes from other cores' caches.
    public var passesCut: Double
    /// How long the last worker goes on when all have done half of the slices on average.
    public var passesUneven: Double
    /// The same as `passesCut`, for the blocks of parameters.
    public var updateCut: Double
    /// The same as `passesUneven`, for the blocks of parameters.
    public var updateUneven: Double
    /// 2·c(n).
    public var calls: Double
    /// What s(n) takes more than its share of `ideal`.
    public var serial: Double
    /// m(n).
    public var memory: Double
  }

  /// Predicts from `parts`, against `one`, which are the parts of one core.
  ///
  /// - Parameters:
  ///   - memory: what passes through the memory.
  ///   - measured: the measured speed-up, if there is one.
  init(_ parts: StepParts, against one: StepParts, memory: StepMemory, measured: Double? = nil) {
    let cores = parts.cores
    let passes = Makespan.of(parts.slices, workers: cores)
    let update = Makespan.of(parts.items, workers: cores)
    func missing(_ readings: Int) -> Double {
      cores == 1
        ? 0 : max(0, memory.passes(readings) - passes) + max(0, memory.update - update)
    }
    let rounds = (parts.slices.count + cores - 1) / cores
    let (short, most) = (missing(rounds), missing(parts.slices.count))
    func share(_ times: [Double]) -> Double { times.reduce(0, +) / Double(cores) }
    let ideal = one.sum / Double(cores)
    self.cores = cores
    slices = parts.slices.count
    items = parts.items.count
    self.measured = measured
    self.parts = Parts(
      ideal: ideal, passesCut: share(parts.slices) - share(one.slices),
      passesUneven: passes - share(parts.slices),
      updateCut: share(parts.items) - share(one.items),
      updateUneven: update - share(parts.items), calls: 2 * parts.calls,
      serial: parts.serial - one.serial / Double(cores), memory: short)
    let step = passes + update + 2 * parts.calls + parts.serial + short
    self.step = step
    speedup = step > 0 ? one.sum / step : 0
    worst = step > 0 ? one.sum / (step - short + most) : 0
  }
}

/// What was measured of a step that n workers share, in nanoseconds.
struct StepParts: Sendable, Equatable {
  /// How many workers.
  var cores: Int
  /// What each slice takes.
  var slices: [Double]
  /// What each item of the second half takes.
  var items: [Double]
  /// Calling the workers once, and waiting for them.
  var calls: Double
  /// What the first worker does outside of both halves.
  var serial: Double

  /// All work, one after the other.
  var sum: Double { slices.reduce(0, +) + items.reduce(0, +) + serial }
}

/// What a step reads and writes of the memory, and how fast that is.
struct StepMemory: Sendable, Equatable {
  /// Bytes of weights that a slice reads in both passes.
  var bytesPerSlice: Double
  /// Bytes that the second half reads and writes.
  var updateBytes: Double
  /// Bytes of all that a step touches.
  var touchedBytes: Double
  /// Bytes of the last cache; nil where unknown, which counts as none.
  var cacheBytes: Double?
  /// Bytes per second that two cores read.
  var rate: Double

  private var fits: Bool { touchedBytes <= cacheBytes ?? 0 }

  /// Nanoseconds in which the memory gives the weights of both passes `readings` times.
  func passes(_ readings: Int) -> Double {
    fits || rate <= 0 ? 0 : Double(readings) * bytesPerSlice / rate * 1e9
  }

  /// Nanoseconds in which it gives and takes what the second half reads and writes.
  var update: Double { fits || rate <= 0 ? 0 : updateBytes / rate * 1e9 }
}
