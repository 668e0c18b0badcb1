import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRun
import SkeinTraining
import SkeinWorkers

/// What is trained in a benchmark: a job in the trainer's terms.
public struct Workload {
  /// What a trainer is made of.
  public struct Setup {
    public let model: FeedForward
    public let generator: MersenneTwister
    public let objective: any Objective
    public let optimizer: any Optimizer
    public let batchSize: Int
    public let dropLast: Bool
    public let shards: BatchShards

    public init(
      model: FeedForward, generator: MersenneTwister, objective: any Objective,
      optimizer: any Optimizer, batchSize: Int, dropLast: Bool, shards: BatchShards
    ) {
      self.model = model
      self.generator = generator
      self.objective = objective
      self.optimizer = optimizer
      self.batchSize = batchSize
      self.dropLast = dropLast
      self.shards = shards
    }

    /// A trainer that goes on until it is stopped.
    func trainer(_ source: any SampleSource, _ scheduler: any BatchScheduler) -> Trainer {
      Trainer(
        model, objective: objective, source: source, optimizer: optimizer,
        options: TrainingOptions(epochs: .max, batchSize: batchSize, dropLast: dropLast),
        shards: shards, scheduler: scheduler, generator: generator)
    }
  }

  public let name: String
  public let source: any SampleSource
  /// Samples a step, as the job says.
  public let batchSize: Int
  public let network: Network
  /// A fresh model and how batches are cut, for a point of the plan.
  public let setUp: (BenchmarkPlan.Point) throws -> Setup
  /// How many pieces a batch has with so many threads, in strong scaling.
  public let shardCount: (Int) -> Int

  public init(
    name: String, source: any SampleSource, batchSize: Int, network: Network,
    shardCount: @escaping (Int) -> Int, setUp: @escaping (BenchmarkPlan.Point) throws -> Setup
  ) {
    self.name = name
    self.source = source
    self.batchSize = batchSize
    self.network = network
    self.shardCount = shardCount
    self.setUp = setUp
  }
}
