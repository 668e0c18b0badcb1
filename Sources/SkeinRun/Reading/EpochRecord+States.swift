import SkeinAutograd
import SkeinConfig
import SkeinKernels
import SkeinModel
import SkeinRecord

extension EpochRecord {
  /// Every layer's activations for one sample, from the scaled input to the scores.
  ///
  /// - Parameters:
  ///   - sample: its elements as they are stored, undivided.
  ///   - job: the run's.
  /// - Precondition: the epoch has weights, and the sample its first layer's width.
  public func states(of sample: [Float], job: Job) throws -> [[Double]] {
    let network = Network(
      inputs: widths[0], hidden: job.model.hidden, outputs: widths[widths.count - 1],
      activation: job.model.activation)
    let parameters = FloatBuffer(count: network.layout.bufferCount)
    for (block, layer) in zip(network.blocks, layers) {
      for entry in block.places.flatMap(\.parameters) {
        switch entry.role {
        case .weight: parameters[entry.range] = layer.values
        case .bias: parameters[entry.range] = layer.biases
        case .slope: parameters[entry.range] = [layer.slope ?? 0]
        }
      }
    }
    let objective = Classification(job.loss, classes: network.outputs)
    let input = sample.map { $0 / job.data.scale }
    let pass = FeedForward(network, parameters: parameters)
      .forward(Tape().constant(input, shape: [1, input.count]), trains: false)
    return ([input] + pass.hiddenStates.map(\.values) + [objective.scores(pass.outputs).values])
      .map { $0.map(Double.init) }
  }
}
