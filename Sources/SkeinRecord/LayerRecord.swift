/// One fully connected layer as it stood after an epoch.
public struct LayerRecord: Sendable, Equatable {
  /// Weights [out, in], row by row.
  public enum Weights: Sendable, Equatable {
    /// The run's own.
    case exact([Float])
    /// Rounded to six bits each, as a history keeps them.
    case quantized(QuantizedMatrix)
  }

  /// How many neurons the layer has, > 0.
  public var outputs: Int
  /// How many numbers each neuron takes in, > 0.
  public var inputs: Int
  /// The weights [`outputs`, `inputs`].
  public var weights: Weights
  /// The biases [`outputs`].
  public var biases: [Float]
  /// The trained slope of the parametric relu behind the layer; nil where none stands there.
  public var slope: Float?
  /// How the exact weights are distributed. This and what follows is nil where only the weights are
  /// known.
  public var weightHistogram: Histogram?
  /// How ∂loss/∂weight is distributed, of the mean loss over the probe samples.
  public var gradientHistogram: Histogram?
  /// The norm of that gradient, biases and slope included: √Σ g².
  public var gradientNorm: Double?
  /// How many of the layer's neurons give the same activation for every probe sample; nil for the
  /// last layer, which has none.
  public var deadUnits: Int?

  /// Nothing is checked: a file of a history is, when it is read.
  public init(
    outputs: Int, inputs: Int, weights: Weights, biases: [Float], slope: Float? = nil,
    weightHistogram: Histogram? = nil, gradientHistogram: Histogram? = nil,
    gradientNorm: Double? = nil, deadUnits: Int? = nil
  ) {
    self.outputs = outputs
    self.inputs = inputs
    self.weights = weights
    self.biases = biases
    self.slope = slope
    self.weightHistogram = weightHistogram
    self.gradientHistogram = gradientHistogram
    self.gradientNorm = gradientNorm
    self.deadUnits = deadUnits
  }

  /// The weights as Floats, row by row. O(weights).
  public var values: [Float] {
    switch weights {
    case .exact(let values): values
    case .quantized(let matrix): matrix.weights
    }
  }
}
