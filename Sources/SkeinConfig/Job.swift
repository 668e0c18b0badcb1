import SkeinData
import SkeinModel
import SkeinTraining

/// What to train, on what, and how: the content of a job file, with all defaults filled in.
public struct Job: Sendable, Equatable {
  /// The name of the run, which its reports show.
  public var name: String
  /// The seed of all random numbers of the run.
  public var seed: UInt64
  /// Which samples to use.
  public var data: DataOptions
  /// The hidden layers, and how weights and biases are initialized.
  public var model: ModelOptions
  /// The loss, which training minimizes; nil for what suits the dataset's targets, which is
  /// `Loss.standard`. A job that is prepared for training has one.
  public var loss: LossOptions?
  /// How a step changes the parameters.
  public var optimizer: OptimizerOptions
  /// How the learning rate changes from step to step.
  public var schedule: ScheduleOptions
  /// How long to train, and in batches of what size.
  public var training: TrainingOptions
  /// How the work is spread over threads.
  public var parallel: ParallelOptions
  /// When to write checkpoints, and how many to keep. In a loaded job at least one of the three
  /// intervals is set.
  public var checkpoint: CheckpointOptions
  /// What a run records for its reports.
  public var report: ReportOptions

  /// A job; see the properties. The defaults are those of a job file.
  public init(
    name: String, seed: UInt64 = 0, data: DataOptions = DataOptions(path: ""),
    model: ModelOptions,
    loss: LossOptions? = nil, optimizer: OptimizerOptions = .init(),
    schedule: ScheduleOptions = .init(), training: TrainingOptions = .init(),
    parallel: ParallelOptions = .init(),
    checkpoint: CheckpointOptions = .init(), report: ReportOptions = .init()
  ) {
    self.name = name
    self.seed = seed
    self.data = data
    self.model = model
    self.loss = loss
    self.optimizer = optimizer
    self.schedule = schedule
    self.training = training
    self.parallel = parallel
    self.checkpoint = checkpoint
    self.report = report
  }
}

extension Job {
  /// What a run keeps for each parameter besides: the optimizer's states, and the average.
  public var stateNames: [String] {
    optimizer.optimizer.stateNames + (training.average == nil ? [] : [Averaging.stateName])
  }
}

/// Which samples to use, and how to scale them.
public struct DataOptions: Sendable, Equatable {
  /// The dataset's folder. It is absolute in a loaded job, and empty where samples are synthetic.
  public var path: String
  /// A dataset that is drawn at random and not read; nil for the one in `path`.
  public var synthetic: SyntheticDataset?
  /// The split to train on.
  public var train: String
  /// The split to evaluate on after each epoch; nil for no evaluation.
  public var test: String?
  /// The part of the training split that is kept for validation, in 0..<1 and above 0; nil for
  /// none.
  public var validation: Double?
  /// What every element of a sample is divided by, > 0.
  public var scale: Float

  /// The `path` of a job whose samples a program has in memory. No folder has to be there.
  package static let pathOfArrays = "arrays-of-a-program"

  /// Whether the samples were a program's, as far as `path` tells, which a loaded job has in full.
  package var areArrays: Bool {
    synthetic == nil && (path == Self.pathOfArrays || path.hasSuffix("/" + Self.pathOfArrays))
  }

  /// The names of the splits that a run reads. The training split comes first.
  public var splits: [String] { [train] + (test.map { [$0] } ?? []) }

  /// The samples of a job; see the properties.
  public init(
    path: String, synthetic: SyntheticDataset? = nil, train: String = "train",
    test: String? = "test", validation: Double? = nil, scale: Float = 1
  ) {
    self.path = path
    self.synthetic = synthetic
    self.train = train
    self.test = test
    self.validation = validation
    self.scale = scale
  }
}

/// The hidden layers of the network. The dataset determines the number of inputs and outputs.
public struct ModelOptions: Sendable, Equatable {
  /// The number of neurons of each hidden layer, > 0; empty for a linear model.
  public var hidden: [Int]
  /// The activation function of each hidden layer.
  public var activation: Activation
  /// How all weights and biases are initialized.
  public var initializer: Initializer

  /// The hidden layers of a job.
  ///
  /// - Parameters:
  ///   - hidden: neurons of each hidden layer, > 0; empty for a linear model.
  ///   - activation: the activation function of each hidden layer.
  ///   - initializer: how all weights and biases are initialized.
  public init(hidden: [Int], activation: Activation = .relu, initializer: Initializer = .he) {
    self.hidden = hidden
    self.activation = activation
    self.initializer = initializer
  }

  /// The layers of the network. The last one has `outputs` outputs, one per class.
  public func layers(outputs: Int) -> [any Layer] {
    Network.dense(hidden: hidden, outputs: outputs, activation: activation)
  }
}

/// What a run records for its reports. The training does not depend on it.
public struct ReportOptions: Sendable, Equatable {
  /// Whether to record the network after each epoch. `skein report` draws these records.
  public var history: Bool
  /// Whether to write event files for TensorBoard.
  public var tensorBoard: Bool

  /// What to record.
  ///
  /// - Parameters:
  ///   - history: whether to record the network after each epoch.
  ///   - tensorBoard: whether to write event files for TensorBoard.
  public init(history: Bool = true, tensorBoard: Bool = true) {
    self.history = history
    self.tensorBoard = tensorBoard
  }
}
