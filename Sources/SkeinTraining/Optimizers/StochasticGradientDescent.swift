import SkeinKernels

/// Stochastic gradient descent with momentum and weight decay, as PyTorch's `SGD` defines them:
///
///     g ← gradient + weightDecay · p
///     v ← momentum · v + g
///     p ← p − learningRate · v
///
/// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning",
/// 2013, in PyTorch's form, where the learning rate stands outside the velocity.
public struct StochasticGradientDescent: Sendable, Equatable {
  public var learningRate: Float
  public var momentum: Float
  public var weightDecay: Float

  public init(learningRate: Float = 0.1, momentum: Float = 0, weightDecay: Float = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  /// Whether a velocity is kept from step to step.
  public var hasState: Bool { momentum != 0 }

  /// Updates `block` of `parameters`, given its mean gradient at the front of `gradient`.
  ///
  /// Element-wise, so that any cut of the parameters over workers gives the same bits.
  /// - Precondition: `velocity` is there if `hasState`.
  /// - Returns: whether all of the new parameters are finite.
  func update(
    _ parameters: FloatBuffer, gradient: FloatBuffer, velocity: FloatBuffer?,
    _ block: ParameterBlock
  ) -> Bool {
    guard let velocity else {
      return ParameterLoops.descend(
        parameters, gradient: gradient, rate: learningRate, decay: weightDecay, block)
    }
    return ParameterLoops.descend(
      parameters, gradient: gradient, velocity: velocity, rate: learningRate, momentum: momentum,
      decay: weightDecay, block)
  }
}
