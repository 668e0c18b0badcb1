import SkeinAutograd
import SkeinData
import SkeinKernels
import SkeinModel
import SkeinRecord
import SkeinTraining

/// Runs a few fixed samples through a network after every epoch. Test samples give the activations,
/// in a forward pass. Training samples give the gradients, in a forward and a backward pass.
///
/// Both computations are recorded once and replayed. They run on the calling thread only, so their
/// results do not depend on the number of threads. They only read the parameters.
final class Probe {
  private let network: Network
  private let parameters: FloatBuffer
  private let tape: Tape
  private let samples: Tensor
  private let states: [Tensor]
  private let gradientTape: Tape
  private let loss: Tensor
  private let trainingCount: Int
  private let gradient: FloatBuffer

  /// - Parameters:
  ///   - model: the network. Its parameters are read at every look.
  ///   - objective: gives the loss whose gradients are looked at.
  ///   - test: the source of the samples `testRows`, which give the activations.
  ///   - train: the source of the samples `trainRows`, which give the gradients.
  /// - Throws: what the sources throw.
  /// - Precondition: there is at least one row of each.
  init(
    _ model: FeedForward, _ objective: any Objective, test: any SampleSource, testRows: [Int],
    train: any SampleSource, trainRows: [Int]
  ) throws {
    network = model.network
    parameters = model.parameters
    tape = Tape()
    samples = try BatchInput(tape, reading: testRows, of: test).samples
    states = model.forward(samples, trains: false).hiddenStates
    gradientTape = Tape()
    trainingCount = trainRows.count
    let input = try BatchInput(gradientTape, reading: trainRows, of: train)
    loss = objective.losses(
      model.forward(input.samples, trains: true).outputs, input.target
    ).sum()
    gradient = FloatBuffer(count: model.network.layout.bufferCount)
  }

  /// Every layer in its current state, and the principal plane of the last hidden states.
  /// O(parameters · samples).
  func look() -> (layers: [LayerRecord], plane: PrincipalPlane) {
    tape.replay()
    gradientTape.replay()
    gradientTape.backward(from: loss, into: gradient)
    let count = Float(trainingCount)
    gradient.withMutableValues(0..<gradient.count) { for i in $0.indices { $0[i] /= count } }
    let last = states.last ?? samples
    let layers = network.blocks.enumerated().map {
      layer($1, states: states.indices.contains($0) ? states[$0] : nil)
    }
    // A network that diverges has values that are not finite, and a file holds finite numbers only.
    let points = last.values.map { $0.isFinite ? $0 : 0 }
    return (
      layers, PrincipalPlane(points, count: last.shape[0], dimensions: last.shape[1])
    )
  }

  /// The record of one layer.
  ///
  /// - Parameter states: the block's activations for the test samples; nil for the last block.
  private func layer(_ block: Network.Block, states: Tensor?) -> LayerRecord {
    let weight = block.parameter(where: \.isWeight)
    let bias = block.parameter(where: \.isBias)
    let slope = block.parameter(where: \.isSlope)
    guard let weight, let bias else { preconditionFailure("\(block.name) has no weights") }
    let histogram = gradient.withValues(weight.range) { Histogram($0) }
    var square = histogram.sumOfSquares
    for entry in [bias, slope].compactMap({ $0 }) {
      for value in gradient[entry.range] where value.isFinite {
        square += Double(value) * Double(value)
      }
    }
    let weights = parameters.withValues(weight.range) {
      QuantizedMatrix($0, rows: weight.shape[0], columns: weight.shape[1])
    }
    return LayerRecord(
      outputs: weight.shape[0], inputs: weight.shape[1], weights: .quantized(weights),
      biases: parameters[bias.range], slope: slope.map { parameters[$0.range][0] },
      weightHistogram: parameters.withValues(weight.range) { Histogram($0) },
      gradientHistogram: histogram, gradientNorm: square.squareRoot(),
      deadUnits: states?.constantColumns)
  }
}
