import SkeinAutograd
import SkeinData
import SkeinKernels
import SkeinModel
import SkeinTraining

/// A few fixed samples that a network is shown after every epoch: forward over test samples for the
/// activations, forward and backward over training samples for the gradients.
///
/// Both computations are recorded once and replayed. They run on the calling thread alone, so what
/// they give does not depend on the number of threads, and they only read the parameters.
final class Probe<Source: SampleSource> {
  private let architecture: Architecture
  private let parameters: FloatBuffer
  private let tape: Tape
  private let samples: Tensor
  private let states: [Tensor]
  private let gradientTape: Tape
  private let loss: Tensor
  private let trainingCount: Int
  private let gradient: FloatBuffer

  /// - Parameters:
  ///   - test: where the `testRows` for the activations are from.
  ///   - train: where the `trainRows` for the gradients are from.
  /// - Throws: what the sources throw.
  /// - Precondition: there is at least one row of each.
  init(
    _ model: FeedForward, loss: Loss, scale: Float, test: Source, testRows: [Int],
    train: Source, trainRows: [Int]
  ) throws {
    architecture = model.architecture
    parameters = model.parameters
    tape = Tape()
    samples = try tape.samples(testRows, of: test, scale: scale).samples
    states = model.forward(samples, trains: false).hiddenStates
    gradientTape = Tape()
    trainingCount = trainRows.count
    let (inputs, labels) = try gradientTape.samples(
      trainRows, of: train, scale: scale)
    self.loss = loss.sum(model.forward(inputs, trains: true).logits, of: labels)
    gradient = FloatBuffer(count: model.architecture.layout.bufferCount)
  }

  /// Every layer as it stands now, and the last hidden states' principal plane.
  func look() -> (layers: [LayerRecord], plane: PrincipalPlane) {
    tape.replay()
    gradientTape.replay()
    gradientTape.backward(from: loss, into: gradient)
    let count = Float(trainingCount)
    gradient.withMutableValues(0..<gradient.count) { for i in $0.indices { $0[i] /= count } }
    let last = states.last ?? samples
    let layers = (0..<(architecture.widths.count - 1)).map(layer)
    // A network on its way to infinity still leaves files that can be read: those hold finite
    // numbers.
    let points = last.values.map { $0.isFinite ? $0 : 0 }
    return (
      layers, PrincipalPlane(points, count: last.shape[0], dimensions: last.shape[1])
    )
  }

  private func layer(_ index: Int) -> LayerRecord {
    func entry(_ part: String) -> ParameterLayout.Entry? {
      architecture.layout.entries.first { $0.name == "layers.\(index).\(part)" }
    }
    guard let weight = entry("weight"), let bias = entry("bias") else {
      preconditionFailure("a model without layer \(index)")
    }
    let slope = entry("slope")
    let histogram = gradient.withValues(weight.range) { Histogram($0) }
    var square = histogram.sumOfSquares
    for entry in [bias, slope].compactMap({ $0 }) {
      for value in gradient[entry.range] where value.isFinite {
        square += Double(value) * Double(value)
      }
    }
    return LayerRecord(
      weights: parameters.withValues(weight.range) {
        CodedMatrix($0, rows: weight.shape[0], columns: weight.shape[1])
      },
      biases: parameters[bias.range], slope: slope.map { parameters[$0.range][0] },
      weightHistogram: parameters.withValues(weight.range) { Histogram($0) },
      gradientHistogram: histogram, gradientNorm: square.squareRoot(),
      deadUnits: states.indices.contains(index) ? states[index].constantColumns : nil)
  }
}
