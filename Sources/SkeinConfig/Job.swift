import SkeinData
import SkeinModel
import SkeinTraining

/// What to train, on what, and how: a job file with every default filled in.
public struct Job: Sendable, Equatable {
  /// What the run and its reports are called.
  public var name: String
  /// What the run's random numbers are drawn from.
  public var seed: UInt64
  public var data: DataOptions
  public var model: ModelOptions
  public var loss: Loss
  public var optimizer: StochasticGradientDescent
  public var training: TrainingOptions
  public var parallel: ParallelOptions
  /// In a loaded job at least one of the three intervals is set.
  public var checkpoint: CheckpointOptions
  public var report: ReportOptions

  public init(
    name: String, seed: UInt64 = 0, data: DataOptions = DataOptions(path: ""),
    model: ModelOptions,
    loss: Loss = .crossEntropy, optimizer: StochasticGradientDescent = .init(),
    training: TrainingOptions = .init(), parallel: ParallelOptions = .init(),
    checkpoint: CheckpointOptions = .init(), report: ReportOptions = .init()
  ) {
    self.name = name
    self.seed = seed
    self.data = data
    self.model = model
    self.loss = loss
    self.optimizer = optimizer
    self.training = training
    self.parallel = parallel
    self.checkpoint = checkpoint
    self.report = report
  }
}

/// Which samples to use, and how to turn their bytes into numbers.
public struct DataOptions: Sendable, Equatable {
  /// The dataset's folder; absolute in a loaded job, empty where samples are synthetic.
  public var path: String
  /// Samples that are drawn instead of read; nil for those in `path`.
  public var synthetic: SyntheticDataset?
  /// The split to train on.
  public var train: String
  /// The split to evaluate on after an epoch; nil for no evaluation.
  public var test: String?
  /// What every element of a sample is divided by.
  public var scale: Float

  /// The names of the splits that a run reads: the one to train on first.
  public var splits: [String] { [train] + (test.map { [$0] } ?? []) }

  public init(
    path: String, synthetic: SyntheticDataset? = nil, train: String = "train",
    test: String? = "test", scale: Float = 1
  ) {
    self.path = path
    self.synthetic = synthetic
    self.train = train
    self.test = test
    self.scale = scale
  }
}

/// The network between the samples and the classes, whose widths come from the dataset.
public struct ModelOptions: Sendable, Equatable {
  /// Neurons of each hidden layer; none for a linear model.
  public var hidden: [Int]
  /// What each hidden layer applies.
  public var activation: Activation
  /// What the weights and biases start from.
  public var initializer: Initializer

  public init(hidden: [Int], activation: Activation = .relu, initializer: Initializer = .he) {
    self.hidden = hidden
    self.activation = activation
    self.initializer = initializer
  }

  /// The layers of the network, of which the last one gives `outputs` numbers.
  public func layers(outputs: Int) -> [any Layer] {
    Network.dense(hidden: hidden, outputs: outputs, activation: activation)
  }
}

/// What a run leaves behind to look at; none of it changes the training.
public struct ReportOptions: Sendable, Equatable {
  /// Whether to record the network after each epoch, which `skein report` draws.
  public var history: Bool
  /// Whether to write event files for TensorBoard.
  public var tensorBoard: Bool

  public init(history: Bool = true, tensorBoard: Bool = true) {
    self.history = history
    self.tensorBoard = tensorBoard
  }
}
