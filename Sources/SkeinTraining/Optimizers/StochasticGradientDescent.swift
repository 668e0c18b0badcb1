import SkeinKernels

/// Stochastic gradient descent with momentum and weight decay, as PyTorch's `SGD` defines them:
///
///     g ← gradient + weightDecay · p
///     v ← momentum · v + g
///     p ← p − rate · v                      or, as Nesterov has it,
///     p ← p − rate · (g + momentum · v)
///
/// Without momentum there is no v, and g takes its place.
///
/// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning",
/// 2013, in PyTorch's form, where the learning rate stands outside the velocity.
public struct StochasticGradientDescent: Optimizer, Equatable {
  /// How far a step goes, ≥ 0.
  public var learningRate: Float
  /// The share of the velocity that is left after a step, in 0..<1.
  public var momentum: Float
  /// Whether a step goes along the gradient and the velocity behind it, as Nesterov's does. Without
  /// momentum that changes nothing.
  public var nesterov: Bool
  /// How strongly a parameter is drawn to 0, ≥ 0: the factor of L2 regularisation.
  public var weightDecay: Float

  /// - Parameters:
  ///   - learningRate: ≥ 0.
  ///   - momentum: in 0..<1.
  ///   - nesterov: whether momentum is Nesterov's.
  ///   - weightDecay: ≥ 0.
  public init(
    learningRate: Float = 0.1, momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  /// `velocity`; none without momentum.
  public var stateNames: [String] { momentum == 0 ? [] : ["velocity"] }

  /// As `Optimizer.update`. O(block), one pass over it.
  public func update(
    _ block: ParameterBlock, of parameters: FloatBuffer, gradient: FloatBuffer,
    states: ArraySlice<FloatBuffer>, _ scalars: StepScalars
  ) -> Bool {
    guard let velocity = states.first else {
      return ParameterLoops.sgd(
        parameters, gradient: gradient, rate: scalars.learningRate, decay: weightDecay, block)
    }
    return ParameterLoops.sgd(
      parameters, gradient: gradient, velocity: velocity, rate: scalars.learningRate,
      momentum: momentum, isNesterov: nesterov, decay: weightDecay, block)
  }
}
