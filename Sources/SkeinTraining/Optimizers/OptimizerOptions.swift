/// Which optimizer makes the steps, with all of its numbers: what the `optimizer` section of a job
/// says.
public struct OptimizerOptions: Sendable, Equatable {
  /// The optimizers.
  public enum Kind: String, CaseIterable, Sendable {
    /// `StochasticGradientDescent`.
    case sgd
    /// `Adam`.
    case adam
    /// `Adam` whose weights decay beside the gradient.
    case adamW

    /// The rate where none is given: 0.1, or Adam's 0.001.
    public var usualRate: Float { self == .sgd ? 0.1 : 0.001 }
    /// The decay where none is given: 0, or AdamW's 0.01.
    public var usualDecay: Float { self == .adamW ? 0.01 : 0 }
  }

  /// Which one.
  public var kind: Kind
  /// How far a step goes, ≥ 0.
  public var learningRate: Float
  /// Of sgd: the share of the velocity that is left after a step, in 0..<1.
  public var momentum: Float
  /// Of sgd: whether momentum is Nesterov's.
  public var nesterov: Bool
  /// How strongly a parameter is drawn to 0, ≥ 0.
  public var weightDecay: Float
  /// Of adam and adamW: how much of the mean gradient is kept, in 0..<1.
  public var beta1: Float
  /// Of adam and adamW: how much of the mean square is kept, in 0..<1.
  public var beta2: Float
  /// Of adam and adamW: what keeps the division from 0, > 0.
  public var epsilon: Float
  /// The largest norm of a step's gradient over all parameters, > 0; nil for any.
  public var clipNorm: Float?

  /// An optimizer with the defaults of PyTorch, but for sgd's rate of 0.1.
  ///
  /// - Parameters:
  ///   - kind: which one.
  ///   - learningRate: ≥ 0; nil for the kind's usual one.
  ///   - momentum: in 0..<1.
  ///   - nesterov: whether momentum is Nesterov's.
  ///   - weightDecay: ≥ 0; nil for the kind's usual one.
  ///   - beta1: in 0..<1.
  ///   - beta2: in 0..<1.
  ///   - epsilon: > 0.
  ///   - clipNorm: > 0 or nil.
  public init(
    kind: Kind = .sgd, learningRate: Float? = nil, momentum: Float = 0, nesterov: Bool = false,
    weightDecay: Float? = nil, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    clipNorm: Float? = nil
  ) {
    self.kind = kind
    self.learningRate = learningRate ?? kind.usualRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay ?? kind.usualDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.clipNorm = clipNorm
  }

  /// The optimizer.
  public var optimizer: any Optimizer {
    switch kind {
    case .sgd:
      StochasticGradientDescent(
        learningRate: learningRate, momentum: momentum, nesterov: nesterov,
        weightDecay: weightDecay)
    case .adam, .adamW:
      Adam(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        weightDecay: weightDecay, isDecoupled: kind == .adamW)
    }
  }
}
