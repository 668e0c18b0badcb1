import SkeinWorkers

/// How long to train, and in batches of what size.
public struct TrainingOptions: Sendable, Equatable {
  /// How often training goes through the source's order: each time every sample is used once, but
  /// for those that `dropLast` leaves out, unless the source has an order of its own.
  public var epochs: Int
  /// Samples per step.
  public var batchSize: Int
  /// Whether to leave out an epoch's last batch where it is smaller than the others.
  public var dropLast: Bool
  /// Whether a step's products round their operands to bfloat16: up to twice as fast where the
  /// processor has fast instructions for it (AMD Zen 4), and slower elsewhere, with the same bits.
  /// Parameters and sums stay Floats, and evaluation is not rounded.
  public var bf16: Bool
  /// How many batches a step adds up before it updates the parameters, > 0. Their gradient sums and
  /// sample counts are added, so it is the mean over all of their samples. An epoch's last step may
  /// have fewer batches.
  public var accumulate: Int
  /// How much of the exponential moving average of the parameters is kept in a step, in 0..<1. The
  /// average is what is evaluated, and what predicts. Nil for no average.
  public var average: Float?
  /// When to end before the last epoch; nil for never.
  public var earlyStop: EarlyStop?

  /// - Parameters:
  ///   - epochs: ≥ 0; 0 trains nothing.
  ///   - batchSize: > 0.
  ///   - dropLast: whether a smaller last batch is left out.
  ///   - bf16: whether products round their operands to bfloat16.
  ///   - accumulate: batches per step, > 0.
  ///   - average: in 0..<1 or nil.
  ///   - earlyStop: when to end early.
  public init(
    epochs: Int = 10, batchSize: Int = 64, dropLast: Bool = false, bf16: Bool = false,
    accumulate: Int = 1, average: Float? = nil, earlyStop: EarlyStop? = nil
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.dropLast = dropLast
    self.bf16 = bf16
    self.accumulate = accumulate
    self.average = average
    self.earlyStop = earlyStop
  }
}

/// How the work is spread over threads.
public struct ParallelOptions: Sendable, Equatable {
  /// How many workers.
  public enum Threads: Sendable, Hashable {
    /// At most one per core, and fewer where that is faster.
    case auto
    /// At most so many, from 1 on.
    case count(Int)

    /// The number; nil for `auto`.
    public var count: Int? { if case .count(let count) = self { count } else { nil } }
  }

  /// Into how many batch shards a batch is cut.
  public enum BatchShards: Sendable, Hashable {
    /// One: see `BatchShards.automatic`.
    case auto
    /// So many, from 1 on.
    case count(Int)
  }

  /// How many workers; no bit depends on it.
  public var threads: Threads
  /// Into how many batch shards a batch is cut; the bits depend on it.
  public var batchShards: BatchShards
  /// Where the workers run; no bit depends on it.
  public var pin: Pinning

  /// The defaults choose all of it.
  public init(threads: Threads = .auto, batchShards: BatchShards = .auto, pin: Pinning = .auto) {
    self.threads = threads
    self.batchShards = batchShards
    self.pin = pin
  }
}

/// When to write checkpoints, and how many to keep.
public struct CheckpointOptions: Sendable, Equatable {
  /// Epochs between two checkpoints, > 0; nil for none at an epoch's end.
  public var everyEpochs: Int?
  /// Steps between two checkpoints, > 0; nil for none within an epoch.
  public var everySteps: Int?
  /// Minutes between two checkpoints, > 0; nil for none by the clock.
  public var everyMinutes: Double?
  /// How many of the newest to keep, besides the best.
  public var keep: Int
  /// What the best is chosen by.
  public var best: BestMetric

  /// - Parameters:
  ///   - everyEpochs: > 0 or nil.
  ///   - everySteps: > 0 or nil.
  ///   - everyMinutes: > 0 or nil.
  ///   - keep: > 0.
  ///   - best: what the best checkpoint is chosen by.
  public init(
    everyEpochs: Int? = 1, everySteps: Int? = nil, everyMinutes: Double? = nil, keep: Int = 3,
    best: BestMetric = .testAccuracy
  ) {
    self.everyEpochs = everyEpochs
    self.everySteps = everySteps
    self.everyMinutes = everyMinutes
    self.keep = keep
    self.best = best
  }
}
