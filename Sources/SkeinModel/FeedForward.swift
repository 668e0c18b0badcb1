import SkeinAutograd
import SkeinKernels
import SkeinRandom

/// A feed-forward network: fully connected layers with an activation between them.
///
/// hₗ₊₁ = activation(hₗ · Wₗᵀ + bₗ); the last layer has no activation, its sums are the logits.
/// Its parameters lie in one buffer, which workers share: copies of the struct are the same
/// network.
public struct FeedForward: Sendable {
  public let architecture: Architecture
  /// All parameters, as `architecture.layout` places them.
  public let parameters: FloatBuffer

  /// A network with the given parameters.
  ///
  /// - Precondition: `parameters` has the architecture's layout.
  public init(_ architecture: Architecture, parameters: FloatBuffer) {
    precondition(
      parameters.count == architecture.layout.bufferCount,
      "\(parameters.count) parameters for a layout of \(architecture.layout.bufferCount)")
    self.architecture = architecture
    self.parameters = parameters
  }

  /// A fresh network, drawn from `generator` layer by layer: weights, then biases.
  public init(
    _ architecture: Architecture, initializer: Initializer, from generator: inout MersenneTwister
  ) {
    parameters = FloatBuffer(count: architecture.layout.bufferCount)
    self.architecture = architecture
    for layer in architecture.layers {
      let (outputs, inputs) = (layer.weight.shape[0], layer.weight.shape[1])
      let drawn = initializer.draw(inputs: inputs, outputs: outputs, from: &generator)
      parameters[layer.weight.range] = drawn.weights
      parameters[layer.bias.range] = drawn.biases
      if let slope = layer.slope { parameters[slope.range] = [0.25] }
    }
  }

  /// The outputs of one forward pass.
  public struct Pass {
    /// The last layer's sums [n, classes].
    public let logits: Tensor
    /// Each layer's sums x·Wᵀ + b [n, width], first layer first; those of a layer with relu only
    /// where the pass does not train, because training never writes them down.
    public let sums: [Tensor]
    /// Each hidden layer's activations [n, width], first layer first.
    public let hiddenStates: [Tensor]
  }

  /// Records the forward pass of `samples` [n, inputs] on their tape.
  ///
  /// - Parameter trains: whether the parameters want gradients.
  /// - Precondition: the sample size fits.
  public func forward(_ samples: Tensor, trains: Bool) -> Pass {
    let tape = samples.tape
    func leaf(_ entry: ParameterLayout.Entry) -> Tensor {
      tape.parameter(in: parameters, at: entry.offset, shape: entry.shape, wantsGradient: trains)
    }
    var sums: [Tensor] = []
    var states: [Tensor] = []
    var x = samples
    for (index, layer) in architecture.layers.enumerated() {
      let isHidden = index < architecture.layers.count - 1
      let (weight, bias) = (leaf(layer.weight), leaf(layer.bias))
      if trains, isHidden, architecture.activation == .relu {
        x = x.linearRelu(weight: weight, bias: bias)
      } else {
        x = x.linear(weight: weight, bias: bias)
        sums.append(x)
        if isHidden { x = architecture.activation(x, slope: layer.slope.map(leaf)) }
      }
      if isHidden { states.append(x) }
    }
    return Pass(logits: x, sums: sums, hiddenStates: states)
  }

  /// The last hidden layer's activations [n, width] of `samples` [n, inputs]: what the network has
  /// made of a sample before it decides. Without a hidden layer, the samples themselves.
  public func hiddenStates(of samples: Tensor) -> Tensor {
    forward(samples, trains: false).hiddenStates.last ?? samples
  }
}
