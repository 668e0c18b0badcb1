import SkeinData
import SkeinFiles
import SkeinModel

/// Stops the program unless `model` takes the samples of `source`, and `objective` the model's
/// outputs and the source's targets.
func requireFit(_ model: FeedForward, _ objective: any Objective, _ source: any SampleSource) {
  let network = model.network
  require(
    network.inputs == source.sampleSize && objective.target == source.target
      && objective.target.outputs == network.outputs,
    "a model of widths \(network.widths) and the objective \(objective.name) for targets "
      + "\(objective.target), with samples of \(source.sampleSize) elements and targets "
      + "\(source.target)")
}
