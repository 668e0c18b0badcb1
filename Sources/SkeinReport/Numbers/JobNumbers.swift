/// What pictures need of a run's job.
public struct JobNumbers: Encodable, Sendable, Equatable {
  /// The job's name.
  public var name: String
  /// The resolved job file.
  public var yaml: String
  /// Elements of a sample, neurons of each hidden layer, classes.
  public var widths: [Int]
  /// The name of the activation in job files.
  public var activation: String
  /// The activation's constant; nil for one without.
  public var activationConstant: Double?
  /// Whether the scores are probabilities, which are the softmax of the outputs. Otherwise they are
  /// the outputs themselves.
  public var usesSoftmax: Bool
  /// The name of the loss in job files.
  public var loss: String
  /// The optimizer's learning rate.
  public var learningRate: Double
  /// Samples per step.
  public var batchSize: Int

  /// The names by which the page's script knows them.
  enum CodingKeys: String, CodingKey {
    case name
    case yaml = "job"
    case widths, activation, activationConstant, usesSoftmax, loss, learningRate, batchSize
  }

  /// Sets every property. Nothing is checked.
  public init(
    name: String, yaml: String, widths: [Int], activation: String, activationConstant: Double?,
    usesSoftmax: Bool, loss: String, learningRate: Double, batchSize: Int
  ) {
    self.name = name
    self.yaml = yaml
    self.widths = widths
    self.activation = activation
    self.activationConstant = activationConstant
    self.usesSoftmax = usesSoftmax
    self.loss = loss
    self.learningRate = learningRate
    self.batchSize = batchSize
  }
}
