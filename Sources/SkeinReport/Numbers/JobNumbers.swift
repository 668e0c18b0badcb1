/// What pictures need of a run's job.
public struct JobNumbers: Encodable, Sendable, Equatable {
  public var name: String
  /// The resolved job file.
  public var yaml: String
  /// Elements of a sample, neurons of each hidden layer, classes.
  public var widths: [Int]
  /// The name of the activation in job files, and its constant where it has one.
  public var activation: String
  public var activationConstant: Double?
  /// Whether the scores are probabilities: softmax of the logits, not the logits themselves.
  public var usesSoftmax: Bool
  public var loss: String
  public var learningRate: Double
  public var batchSize: Int

  /// The names by which the page's script knows them.
  enum CodingKeys: String, CodingKey {
    case name
    case yaml = "job"
    case widths, activation, activationConstant, usesSoftmax, loss, learningRate, batchSize
  }

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
