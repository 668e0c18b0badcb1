import SkeinAutograd
import SkeinFiles
import SkeinKernels
import SkeinRandom

/// A network with its parameters.
///
/// They lie in one buffer, which workers share: copies of the struct are the same model.
public struct FeedForward: Sendable {
  /// The layers, and where their parameters lie.
  public let network: Network
  /// All parameters, as `network.layout` places them.
  public let parameters: FloatBuffer

  /// A model with the given parameters.
  ///
  /// - Precondition: `parameters` has the network's layout.
  public init(_ network: Network, parameters: FloatBuffer) {
    require(
      parameters.count == network.layout.bufferCount,
      "\(parameters.count) parameters for a layout of \(network.layout.bufferCount)")
    self.network = network
    self.parameters = parameters
  }

  /// A fresh model, drawn from `generator` in the layout's order: layer by layer, weights, then
  /// biases.
  public init(
    _ network: Network, initializer: Initializer, from generator: inout MersenneTwister
  ) {
    parameters = FloatBuffer(count: network.layout.bufferCount)
    self.network = network
    for entry in network.layout.entries {
      parameters[entry.range] = initializer.draw(
        entry.role, count: entry.shape.count, from: &generator)
    }
  }

  /// The outputs of one forward pass.
  public struct Pass {
    /// What the last layer gives [n, outputs]: the logits of a classifier.
    public let outputs: Tensor
    /// What each layer gives [n, …], block by block; nil for a layer that training has fused with
    /// the next one, because its results are never written down.
    public let results: [[Tensor?]]

    /// What each block but the last one gives [n, width]: the hidden layers' activations.
    public var hiddenStates: [Tensor] { results.dropLast().compactMap { $0.last ?? nil } }
  }

  /// Records the forward pass of `samples` [n, inputs] on their tape.
  ///
  /// - Parameters:
  ///   - trains: whether the parameters want gradients.
  ///   - gradients: where `backward` adds those gradients, in the parameters' layout; nil for
  ///     memory of the tape's own.
  /// - Precondition: the sample size fits.
  public func forward(
    _ samples: Tensor, trains: Bool, gradients: FloatBuffer? = nil
  ) -> Pass {
    forward(samples, trains: trains, gradients: gradients, panels: nil)
  }

  /// The panels of the weights, empty: `copy` fills them. They hold as long as nobody but their
  /// owner changes the parameters.
  ///
  /// - Parameter areBFloat16: whether they are of bfloat16, and so all products of a step.
  package func makePanels(areBFloat16: Bool = false) -> WeightPanels {
    WeightPanels(
      network.layout.entries.enumerated().map { index, entry in
        guard case .weight = entry.role, entry.shape.rank == 2,
          areBFloat16 || entry.shape.count >= WeightPanels.leastCount
        else { return nil }
        return WeightPanels.Matrix(
          start: entry.offset, outputs: entry.shape[0], inputs: entry.shape[1],
          passesBack: areBFloat16
            ? index > 0
            : WeightPanels.passesBack(inputs: Double(entry.shape[1]), isFirst: index == 0))
      }, areBFloat16: areBFloat16)
  }

  /// The same, reading weights from `panels`.
  package func forward(
    _ samples: Tensor, trains: Bool, gradients: FloatBuffer?, panels: WeightPanels?
  ) -> Pass {
    let tape = samples.tape
    func leaves(_ place: Network.Place) -> [Tensor] {
      place.parameters.map {
        tape.parameter(
          in: parameters, at: $0.offset, shape: $0.shape, wantsGradient: trains,
          gradients: gradients, panels: panels)
      }
    }
    var x = samples
    let results = network.blocks.map { block in
      var results: [Tensor?] = []
      var waiting: (layer: any Layer, parameters: [Tensor])?
      for (index, place) in block.places.enumerated() {
        var (layer, parameters) = (place.layer, leaves(place))
        if let first = waiting {
          (layer, parameters) = (first.layer, first.parameters + parameters)
        }
        waiting = nil
        let next = index + 1 < block.places.count ? block.places[index + 1].layer : nil
        if trains, let next, let fused = layer.fused(with: next) {
          waiting = (fused, parameters)
          results.append(nil)
        } else {
          x = layer.record(x, parameters)
          results.append(x)
        }
      }
      return results
    }
    return Pass(outputs: x, results: results)
  }
}
