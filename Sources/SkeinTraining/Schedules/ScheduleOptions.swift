/// How the learning rate changes from step to step: what the `schedule` section of a job says.
public struct ScheduleOptions: Sendable, Equatable {
  /// The schedules.
  public enum Kind: String, CaseIterable, Sendable {
    /// `ConstantSchedule`, and so on.
    case constant, step, exponential, cosine, oneCycle, plateau
  }

  /// Which one.
  public var kind: Kind
  /// Of step: epochs between two falls, > 0.
  public var every: Int?
  /// Of step, exponential and plateau: what the rate is multiplied by, > 0.
  public var factor: Double?
  /// Of cosine: the rate at its end, ≥ 0.
  public var final: Float
  /// Of oneCycle: the greatest rate, ≥ 0; nil for the optimizer's.
  public var peak: Float?
  /// Of plateau: how many epochs without a better number are waited for, ≥ 0.
  public var patience: Int
  /// Of plateau: which number is watched; nil for the loss of the validation samples, or else of
  /// the test split, or else of the training.
  public var metric: BestMetric?
  /// Epochs in which the rate rises to the schedule's first one, ≥ 0.
  public var warmupEpochs: Double

  /// What step and plateau multiply by where nothing else is said, as PyTorch's.
  public static let usualFactor = 0.1

  /// - Parameters:
  ///   - kind: which one.
  ///   - every: > 0; step needs it.
  ///   - factor: > 0; exponential needs it.
  ///   - final: ≥ 0.
  ///   - peak: ≥ 0 or nil.
  ///   - patience: ≥ 0.
  ///   - metric: which number is watched.
  ///   - warmupEpochs: ≥ 0.
  public init(
    kind: Kind = .constant, every: Int? = nil, factor: Double? = nil, final: Float = 0,
    peak: Float? = nil, patience: Int = 10, metric: BestMetric? = nil, warmupEpochs: Double = 0
  ) {
    self.kind = kind
    self.every = every
    self.factor = factor
    self.final = final
    self.peak = peak
    self.patience = patience
    self.metric = metric
    self.warmupEpochs = warmupEpochs
  }

  /// The schedule, for an optimizer's `rate`.
  public func schedule(rate: Float) -> any Schedule {
    let factor = factor ?? Self.usualFactor
    let base: any Schedule =
      switch kind {
      case .constant: ConstantSchedule(rate)
      case .step: StepSchedule(rate, every: every ?? 1, factor: factor)
      case .exponential: ExponentialSchedule(rate, factor: factor)
      case .cosine: CosineSchedule(rate, final: final)
      case .oneCycle: OneCycleSchedule(peak: peak ?? rate)
      case .plateau: PlateauSchedule(rate, patience: patience, factor: factor, metric: metric)
      }
    return warmupEpochs > 0 ? WarmUp(base, epochs: warmupEpochs) : base
  }
}
