import SkeinAutograd
import SkeinConfig
import SkeinData
import SkeinKernels
import SkeinModel
import SkeinRecord

extension EpochRecord {
  /// Every layer's activations for one sample, from the scaled input to the scores. O(parameters).
  ///
  /// - Parameters:
  ///   - sample: the sample's elements as they are stored, before the division by the scale.
  ///   - job: the run's job.
  ///   - facts: what the run's history says of its targets; nil for classes.
  /// - Precondition: the epoch has weights, and the sample has as many elements as the first layer
  ///   has inputs.
  public func states(
    of sample: [Float], job: Job, facts: RunRecord.Facts? = nil
  ) -> [[Double]] {
    let network = job.network(inputs: widths[0], outputs: widths[widths.count - 1])
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
    let objective = job.objective(
      for: facts?.target ?? .classes(network.outputs),
      values: facts?.targets.map(ValueTargets.init))
    let input = sample.map { $0 / job.data.scale }
    let pass = FeedForward(network, parameters: parameters)
      .forward(Tape().constant(input, shape: [1, input.count]), trains: false)
    return ([input] + pass.hiddenStates.map(\.values) + [objective.scores(pass.outputs).values])
      .map { $0.map(Double.init) }
  }
}
