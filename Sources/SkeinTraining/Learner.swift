import SkeinAutograd
import SkeinKernels
import SkeinModel

/// A model and its optimizer for a loop of one's own, in the order of the textbook.
///
///     for (x, y) in train.batches(32, from: &generator) {
///       learner.zeroGradients()
///       learner(x).crossEntropy(y).backward()
///       learner.step()
///     }
///
/// Gradients add up over `backward` calls until they are zeroed, as in PyTorch. One thread computes
/// everything; for many threads, checkpoints and metrics there is `Trainer`.
public final class Learner {
  public let model: FeedForward
  public let optimizer: any Optimizer
  /// How many steps were made.
  public private(set) var steps = 0

  private let states: [FloatBuffer]
  private let gradient: FloatBuffer
  /// What `model` was applied on since the last step: their gradients are not yet in `gradient`.
  private var tapes: [Tape] = []

  /// - Parameters:
  ///   - model: what learns, in place.
  ///   - optimizer: how a step changes the parameters.
  public init(_ model: FeedForward, _ optimizer: any Optimizer) {
    self.model = model
    self.optimizer = optimizer
    gradient = FloatBuffer(count: model.parameters.count)
    states = optimizer.stateNames.map { _ in FloatBuffer(count: model.parameters.count) }
  }

  /// The model's outputs [n, outputs] for samples `x` [n, elements], on their tape, which is kept
  /// until the next step.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if !tapes.contains(where: { $0 === x.tape }) { tapes.append(x.tape) }
    return model.forward(x, trains: true).outputs
  }

  /// Sets the gradients of all parameters to 0. Without it the next step goes along the sum of the
  /// old gradients and the new ones.
  public func zeroGradients() {
    for tape in tapes { tape.zeroGradients() }
    gradient[0..<gradient.count] = [Float](repeating: 0, count: gradient.count)
  }

  /// Changes the parameters by their gradients, at the optimizer's own rate. O(parameters).
  public func step() {
    collectGradients()
    steps += 1
    let count = model.parameters.count
    _ = optimizer.update(
      ParameterBlock(start: 0, rows: 1, columns: count, stride: count), of: model.parameters,
      gradient: gradient, states: states,
      StepScalars(step: steps, learningRate: optimizer.learningRate))
  }

  /// Takes the gradients from the tapes, which are free to go then.
  private func collectGradients() {
    for tape in tapes {
      for entry in model.network.layout.entries {
        let leaf = tape.parameter(in: model.parameters, at: entry.offset, shape: entry.shape)
        guard leaf.hasGradient else { continue }
        let sums = zip(gradient[entry.range], leaf.gradient).map { $0 + $1 }
        gradient[entry.range] = sums
      }
    }
    tapes = []
  }
}
