import SkeinModel
import SkeinRandom

/// Where training stands.
public struct TrainingProgress: Sendable, Equatable {
  /// Completed epochs.
  public var epoch = 0
  /// Steps since the run began.
  public var step = 0
  /// Batches of the present epoch that are done.
  public var batch = 0
  /// How many batches the present epoch has; 0 before the first one.
  public var batches = 0
  /// What the present epoch's batches add up to.
  public var totals = BatchSums()
  /// What the schedule has noted of the epochs' ends.
  public var plateau = Plateau()
  /// What the rule for an early stop has noted of them.
  public var earlyStop = Plateau()

  /// Where training begins.
  public init() {}
}

/// All that training needs to go on as if it had never stopped.
public struct TrainingState: Sendable {
  /// A state of the optimizer.
  public struct OptimizerState: Sendable {
    /// As the optimizer names it: "velocity".
    public var name: String
    /// A number per parameter, in the model's layout.
    public var values: [Float]

    /// - Parameters:
    ///   - name: one of the optimizer's `stateNames`.
    ///   - values: a number per parameter, in the model's layout, gaps included.
    public init(name: String, values: [Float]) {
      self.name = name
      self.values = values
    }
  }

  /// Where training stood, down to the batch and what the epoch had added up.
  public var progress: TrainingProgress
  /// The parameters, in the model's layout.
  public var parameters: [Float]
  /// The optimizer's states.
  public var optimizer: [OptimizerState]
  /// The generator as the present epoch found it.
  public var generator: MersenneTwister

  /// The parameters that predict: their average where there is one.
  public var predicting: [Float] {
    optimizer.first { $0.name == Averaging.stateName }?.values ?? parameters
  }

  /// - Parameters:
  ///   - progress: where training stands.
  ///   - parameters: in the model's layout, gaps included.
  ///   - optimizer: a value for each of the optimizer's states.
  ///   - generator: as the epoch found it.
  public init(
    progress: TrainingProgress, parameters: [Float], optimizer: [OptimizerState],
    generator: MersenneTwister
  ) {
    self.progress = progress
    self.parameters = parameters
    self.optimizer = optimizer
    self.generator = generator
  }
}
