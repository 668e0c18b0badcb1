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
/// The gradients are the learner's and not the tapes', as in PyTorch: every `backward` call adds to
/// them, whichever tape it runs on, until they are zeroed. A step does not zero them. One thread
/// computes everything; for many threads, checkpoints and metrics there is `Trainer`.
public final class Learner {
  /// What learns. Each step changes its parameters.
  public let model: FeedForward
  /// How a step changes the parameters.
  public let optimizer: any Optimizer
  /// How many steps were made.
  public private(set) var steps = 0

  private let states: [FloatBuffer]
  /// What all `backward` calls since the last zeroing add up to, in the parameters' layout.
  private let gradients: FloatBuffer

  /// - Parameters:
  ///   - model: what learns, in place.
  ///   - optimizer: how a step changes the parameters.
  public init(_ model: FeedForward, _ optimizer: any Optimizer) {
    self.model = model
    self.optimizer = optimizer
    gradients = FloatBuffer(count: model.parameters.count)
    states = optimizer.makeStates(for: model.parameters)
  }

  /// The model's outputs [n, outputs] for samples `x` [n, elements], recorded on their tape.
  ///
  /// Each call records the model anew, so a tape that many calls use grows. To learn from one batch
  /// many times, record it once, and call `Tape.replay()` before each `backward`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    model.forward(x, trains: true, gradients: gradients).outputs
  }

  /// The model's outputs [n, outputs] for samples `x` [n, elements] from which nothing is learnt:
  /// no gradient passes through them, as under PyTorch's `no_grad`.
  public func predict(_ x: Tensor) -> Tensor { model.forward(x, trains: false).outputs }

  /// Sets the gradients of all parameters to 0. Without it the next step goes along the sum of the
  /// old gradients and the new ones. O(parameters).
  public func zeroGradients() {
    gradients.withMutableValues(0..<gradients.count) { $0.update(repeating: 0) }
  }

  /// Changes the parameters by their gradients, at the optimizer's own rate. O(parameters).
  public func step() {
    steps += 1
    let count = model.parameters.count
    _ = optimizer.update(
      ParameterBlock(start: 0, rows: 1, columns: count, stride: count), of: model.parameters,
      gradient: gradients, states: states[...],
      optimizer.scalars(step: steps, learningRate: optimizer.learningRate))
  }
}
