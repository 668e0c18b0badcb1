import SkeinKernels

/// Stochastic gradient descent with momentum and weight decay, as PyTorch's `SGD` defines them:
///
///     g ← gradient + weightDecay · p
///     v ← momentum · v + g
///     p ← p − rate · v
///
/// Without momentum there is no v, and g takes its place.
///
/// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning",
/// 2013, in PyTorch's form, where the learning rate stands outside the velocity.
public struct StochasticGradientDescent: Optimizer, Equatable {
  /// How far a step goes, > 0.
  public var learningRate: Float
  /// The share of the velocity that is left after a step, in 0..<1.
  public var momentum: Float
  /// How strongly a parameter is drawn to 0, ≥ 0: the factor of L2 regularisation.
  public var weightDecay: Float

  /// - Parameters:
  ///   - learningRate: > 0.
  ///   - momentum: in 0..<1.
  ///   - weightDecay: ≥ 0.
  public init(learningRate: Float = 0.1, momentum: Float = 0, weightDecay: Float = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// `velocity`; none without momentum.
  public var stateNames: [String] { momentum == 0 ? [] : ["velocity"] }

  /// As `Optimizer.update`. O(block), one pass over it.
  public func update(
    _ block: ParameterBlock, of parameters: FloatBuffer, gradient: FloatBuffer,
    states: [FloatBuffer], _ scalars: StepScalars
  ) -> Bool {
    guard let velocity = states.first else {
      return ParameterLoops.sgd(
        parameters, gradient: gradient, rate: scalars.learningRate, decay: weightDecay, block)
    }
    return ParameterLoops.sgd(
      parameters, gradient: gradient, velocity: velocity, rate: scalars.learningRate,
      momentum: momentum, decay: weightDecay, block)
  }
}
