import SkeinRandom

/// All that training needs to go on as if it had never stopped.
public struct TrainingState: Sendable {
  /// Where training stood, down to the batch and what the epoch had added up.
  public var progress: TrainingProgress
  /// The parameters, in the model's layout.
  public var parameters: [Float]
  /// The velocity, in the same layout; nil without momentum.
  public var velocity: [Float]?
  /// The generator as the epoch found it.
  public var generator: MersenneTwister

  public init(
    progress: TrainingProgress, parameters: [Float], velocity: [Float]?, generator: MersenneTwister
  ) {
    self.progress = progress
    self.parameters = parameters
    self.velocity = velocity
    self.generator = generator
  }
}
