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
    public let loss: Loss
    public let optimizer: StochasticGradientDescent
    public let scale: Float
    public let batchSize: Int
    public let dropLast: Bool
    public let shards: BatchShards

    public init(
      model: FeedForward, generator: MersenneTwister, loss: Loss,
      optimizer: StochasticGradientDescent, scale: Float, batchSize: Int, dropLast: Bool,
      shards: BatchShards
    ) {
      self.model = model
      self.generator = generator
      self.loss = loss
      self.optimizer = optimizer
      self.scale = scale
      self.batchSize = batchSize
      self.dropLast = dropLast
      self.shards = shards
    }

    /// A trainer that goes on until it is stopped.
    func trainer<Source: SampleSource>(
      _ source: Source, _ scheduler: any BatchScheduler
    ) -> Trainer<Source> {
      Trainer(
        model, loss: loss, source: source, scale: scale, optimizer: optimizer,
        options: TrainingOptions(epochs: .max, batchSize: batchSize, dropLast: dropLast),
        shards: shards, scheduler: scheduler, generator: generator)
    }
  }

  public let name: String
  public let source: Split
  /// Samples a step, as the job says.
  public let batchSize: Int
  public let architecture: Architecture
  /// A fresh model and how batches are cut, for a point of the plan.
  public let setUp: (BenchmarkPlan.Point) throws -> Setup
  /// How many pieces a batch has with so many threads, in strong scaling.
  public let shardCount: (Int) -> Int

  public init(
    name: String, source: Split, batchSize: Int, architecture: Architecture,
    shardCount: @escaping (Int) -> Int, setUp: @escaping (BenchmarkPlan.Point) throws -> Setup
  ) {
    self.name = name
    self.source = source
    self.batchSize = batchSize
    self.architecture = architecture
    self.shardCount = shardCount
    self.setUp = setUp
  }
}
