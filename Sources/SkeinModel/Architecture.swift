/// What a feed-forward network looks like: its widths, its activation, and where its parameters
/// lie.
public struct Architecture: Sendable, Equatable {
  /// Elements of a sample, neurons of each hidden layer, classes.
  public let widths: [Int]
  public let activation: Activation
  public let layout: ParameterLayout
  let layers: [Layer]

  /// One fully connected layer's parameters.
  struct Layer: Sendable, Equatable {
    let weight: ParameterLayout.Entry
    let bias: ParameterLayout.Entry
    /// The trained slope of the parametric relu behind it.
    let slope: ParameterLayout.Entry?
  }

  /// - Precondition: every width is positive.
  public init(inputs: Int, hidden: [Int], outputs: Int, activation: Activation) {
    let widths = [inputs] + hidden + [outputs]
    precondition(widths.allSatisfy { $0 > 0 }, "layer widths \(widths) must be positive")
    var layout = ParameterLayout()
    var layers: [Layer] = []
    for (index, (width, next)) in zip(widths, widths.dropFirst()).enumerated() {
      let isHidden = index < hidden.count
      layers.append(
        Layer(
          weight: layout.append("layers.\(index).weight", [next, width]),
          bias: layout.append("layers.\(index).bias", [next]),
          slope: isHidden && activation == .parametricRelu
            ? layout.append("layers.\(index).slope", [1]) : nil))
    }
    self.widths = widths
    self.activation = activation
    self.layout = layout
    self.layers = layers
  }

  /// Elements of a sample.
  public var inputs: Int { widths[0] }
  /// Classes.
  public var outputs: Int { widths[widths.count - 1] }
  /// Neurons of each hidden layer.
  public var hidden: [Int] { Array(widths.dropFirst().dropLast()) }
}
