import SkeinModel
import SkeinRecord

extension [EpochRecord] {
  /// The same records, but with the exact weights of `checkpoint` in place of its epoch's quantized
  /// ones.
  func replacing(_ checkpoint: Checkpoint, _ network: Network) -> [EpochRecord] {
    let epoch = checkpoint.state.progress.epoch
    var networks = self
    let index =
      networks.firstIndex { $0.epoch == epoch }
      ?? {
        // The history keeps no record of this epoch: only its weights are known.
        let index = networks.firstIndex { $0.epoch > epoch } ?? networks.count
        networks.insert(
          EpochRecord(
            epoch: epoch, step: checkpoint.state.progress.step, layers: []), at: index)
        return index
      }()
    let recorded = networks[index].layers
    let parameters = checkpoint.state.predicting
    networks[index].layers = network.blocks.enumerated().map { layer, block in
      func values(_ role: (ParameterRole) -> Bool) -> [Float]? {
        block.parameter(where: role).map { [Float](parameters[$0.range]) }
      }
      let weights = LayerRecord.Weights.exact(
        values(\.isWeight) ?? [])
      let biases = values(\.isBias) ?? []
      var numbers =
        recorded.indices.contains(layer)
        ? recorded[layer]
        : LayerRecord(
          outputs: network.widths[layer + 1], inputs: network.widths[layer],
          weights: weights, biases: biases)
      (numbers.weights, numbers.biases) = (weights, biases)
      numbers.slope = values(\.isSlope)?.first
      return numbers
    }
    return networks
  }
}
