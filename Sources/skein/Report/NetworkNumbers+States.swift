import SkeinAutograd
import SkeinConfig
import SkeinKernels
import SkeinModel
import SkeinReport

extension NetworkNumbers {
  /// Every layer's activations for `sample`, from the scaled input to the scores.
  func states(of sample: [Float], job: Job) throws -> [[Double]] {
    let architecture = Architecture(
      inputs: widths[0], hidden: job.model.hidden, outputs: widths[widths.count - 1],
      activation: job.model.activation)
    let parameters = FloatBuffer(count: architecture.layout.bufferCount)
    for entry in architecture.layout.entries {
      let parts = entry.name.split(separator: ".")
      guard parts.count == 3, let layer = Int(parts[1]), layers.indices.contains(layer) else {
        continue
      }
      switch parts[2] {
      case "weight": parameters[entry.range] = layers[layer].values
      case "bias": parameters[entry.range] = layers[layer].biases
      default: parameters[entry.range] = [layers[layer].slope ?? 0]
      }
    }
    let input = sample.map { $0 / job.data.scale }
    let pass = FeedForward(architecture, parameters: parameters)
      .forward(Tape().constant(input, shape: [1, input.count]), trains: false)
    return ([input] + pass.hiddenStates.map(\.values) + [job.loss.scores(pass.logits).values])
      .map { $0.map(Double.init) }
  }
}

extension ActivationFigure.Function {
  /// `activation` from −4 to 4, sampled finely enough that corners look like corners.
  init(_ activation: Activation) {
    let xs = (-80...80).map { Float($0) / 20 }
    let (values, slopes) = activation.sampled(xs)
    self.init(
      name: activation.name, formula: activation.formula,
      points: xs.indices.map { index in
        (Double(xs[index]), Double(values[index]), slopes.map { Double($0[index]) })
      })
  }
}
