import SkeinAutograd
import SkeinFiles
import SkeinKernels

/// A feed-forward network: a list of layers, and where their parameters lie.
public struct Network: Sendable {
  /// One layer in its place.
  public struct Place: Sendable {
    /// The layer that stands there.
    public let layer: any Layer
    /// The shape of what comes in, for one sample.
    public let input: Shape
    /// The shape of what goes out, for one sample.
    public let output: Shape
    /// Its parameters, as the layer declares them.
    public let parameters: [ParameterLayout.Entry]
  }

  /// A numbered layer, and the activations and other layers that are applied to its results.
  public struct Block: Sendable {
    /// As parameters and messages name it: "layers.0".
    public let name: String
    /// Its layers, the numbered one first; never empty.
    public internal(set) var places: [Place]

    /// How many numbers a sample has behind it.
    public var width: Int { places[places.count - 1].output.count }

    /// The block's parameter with `role`; nil where it has none.
    package func parameter(where role: (ParameterRole) -> Bool) -> ParameterLayout.Entry? {
      places.lazy.flatMap(\.parameters).first { role($0.role) }
    }
  }

  /// The shape of one sample.
  public let input: Shape
  /// The numbered layers with what is applied to each, from the samples on; never empty.
  public let blocks: [Block]
  /// Where all parameters lie in one buffer.
  public let layout: ParameterLayout
  /// Multiply-adds of a sample in one training step: the forward pass, each weight's gradient, and
  /// each layer's input's gradient, but for the first layer, whose input are the samples.
  public let trainingMultiplyAdds: Double

  /// - Precondition: there is a layer, the first one is numbered, and each layer's parameters have
  ///   different names.
  public init(_ layers: [any Layer], input: Shape) {
    require(layers.first?.isNumbered == true, "a network begins with a numbered layer")
    var layout = ParameterLayout()
    var blocks: [Block] = []
    var shape = input
    var work = 0.0
    for layer in layers {
      if layer.isNumbered { blocks.append(Block(name: "layers.\(blocks.count)", places: [])) }
      let (name, number) = (blocks[blocks.count - 1].name, blocks[blocks.count - 1].places.count)
      let declared = layer.parameters(for: shape)
      require(
        Set(declared.map(\.name)).count == declared.count,
        "\(name), \(layer.operation): parameters of one name in \(declared.map(\.name))")
      let place = Place(
        layer: layer, input: shape, output: layer.output(for: shape),
        parameters: declared.map { layout.append($0, of: name, number) })
      work += layer.multiplyAdds(for: shape) * (blocks.count == 1 ? 2 : 3)
      blocks[blocks.count - 1].places.append(place)
      shape = place.output
    }
    self.input = input
    self.blocks = blocks
    self.layout = layout
    trainingMultiplyAdds = work
  }

  /// Fully connected layers with one activation between them: `inputs` elements of a sample, units
  /// of each hidden layer, `outputs` such as classes.
  ///
  /// - Precondition: every width is positive.
  public init(inputs: Int, hidden: [Int], outputs: Int, activation: Activation) {
    require(inputs > 0, "samples of \(inputs) elements")
    self.init(
      Self.dense(hidden: hidden, outputs: outputs, activation: activation), input: [inputs])
  }

  /// The layers of such a network.
  public static func dense(
    hidden: [Int], outputs: Int, activation: Activation
  ) -> [any Layer] {
    hidden.flatMap { [Dense(outputs: $0), activation] as [any Layer] } + [Dense(outputs: outputs)]
  }

  /// Elements of a sample.
  public var inputs: Int { input.count }
  /// Elements of a result, such as classes.
  public var outputs: Int { blocks[blocks.count - 1].width }
  /// Elements of a sample, and numbers behind each block.
  public var widths: [Int] { [inputs] + blocks.map(\.width) }
}

/// How large a network would be, before it is made: in doubles, of layers and samples that may have
/// any size.
public struct NetworkSize: Sendable, Equatable {
  /// Elements of a sample.
  public let inputs: Double
  /// Elements of a result.
  public let outputs: Double
  /// How many numbers train.
  public let parameters: Double
  /// Elements of the copies of weights that a training step keeps: see SkeinKernels'
  /// `WeightPanels`.
  public let packed: Double
  /// Elements for each sample of a batch with many of them, of the copies that a training step
  /// computes gradients of weights from: see SkeinKernels' `ColumnPanels`.
  public let copied: Double
  /// The same where a step's products round their operands to bfloat16.
  public let packedBFloat16: Double
  /// Elements that each sample of a batch then takes besides, for the weights' gradients.
  public let roundedBFloat16: Double
  /// Elements of a sample, and numbers behind each numbered layer, all together.
  public let units: Double
  /// Numbers behind each layer, and their gradients: what a tape of a training pass holds for a
  /// sample, without the sample and the loss. A layer that is fused with the next one has none.
  public let trained: Double
  /// Numbers behind each layer: the same for a pass that trains nothing, and fuses nothing.
  public let evaluated: Double
  /// What the last numbered layer takes: elements of the last hidden state.
  public let lastHidden: Double

  /// Adds up what `layers` would need for samples of shape `input`. O(layers).
  public init(_ layers: [any Layer], input: Shape) {
    var shape = input
    var (parameters, units, lastHidden) = (0.0, Double(input.count), Double(input.count))
    var (trained, evaluated, packed, copied) = (0.0, 0.0, 0.0, 0.0)
    var (packedBFloat16, roundedBFloat16) = (0.0, 0.0)
    // As `FeedForward.forward` fuses them.
    var waiting: (any Layer)?
    for (index, layer) in layers.enumerated() {
      for parameter in layer.parameters(for: shape) {
        if case .weight(let inputs, let outputs) = parameter.role {
          packed += WeightPanels.count(
            outputs: Double(outputs), inputs: Double(inputs), isFirst: parameters == 0)
          if ColumnPanels.pay(m: Double(outputs), n: Double(inputs)) {
            copied += ColumnPanels.width(columns: Double(outputs))
            copied += ColumnPanels.width(columns: Double(inputs))
          }
          packedBFloat16 += WeightPanels.countOfBFloat16(
            outputs: Double(outputs), inputs: Double(inputs), isFirst: parameters == 0)
          roundedBFloat16 += BFloat16Operands.words(
            outputs: Double(outputs), inputs: Double(inputs))
        }
        parameters += parameter.count
      }
      if layer.isNumbered { lastHidden = Double(shape.count) }
      shape = layer.output(for: shape)
      let count = Double(shape.count)
      if layer.isNumbered { units += count }
      evaluated += count
      let next = index + 1 < layers.count && !layers[index + 1].isNumbered ? layers[index + 1] : nil
      waiting = next.flatMap { (waiting ?? layer).fused(with: $0) }
      if waiting == nil { trained += 2 * count }
    }
    (inputs, outputs) = (Double(input.count), Double(shape.count))
    (self.parameters, self.units, self.lastHidden) = (parameters, units, lastHidden)
    (self.trained, self.evaluated, self.packed) = (trained, evaluated, packed)
    self.copied = copied
    (self.packedBFloat16, self.roundedBFloat16) = (packedBFloat16, roundedBFloat16)
  }
}

extension Network {
  /// How large it is.
  public var size: NetworkSize {
    NetworkSize(blocks.flatMap(\.places).map(\.layer), input: input)
  }
}
