import SkeinKernels

/// Adam, and AdamW, as PyTorch's classes of these names define them. In step t, from 1:
///
///     g ← gradient + weightDecay · p        (Adam: L2 regularisation)
///     m ← m + (1 − β₁) · (g − m)
///     v ← β₂ · v + (1 − β₂) · g²
///     p ← p · (1 − rate · weightDecay)      (AdamW: decay beside the gradient)
///     p ← p − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// Sources: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015; Loshchilov and
/// Hutter, "Decoupled Weight Decay Regularization", 2019.
public struct Adam: Optimizer, Equatable {
  /// How far a step goes, ≥ 0.
  public var learningRate: Float
  /// How much of the mean gradient is kept from step to step, in 0..<1.
  public var beta1: Float
  /// How much of the mean square is kept, in 0..<1.
  public var beta2: Float
  /// What keeps the division from 0, > 0.
  public var epsilon: Float
  /// How strongly a parameter is drawn to 0, ≥ 0.
  public var weightDecay: Float
  /// Whether weights decay beside the gradient, as AdamW's, and not as a part of it.
  public var isDecoupled: Bool

  /// - Parameters:
  ///   - learningRate: ≥ 0.
  ///   - beta1: in 0..<1.
  ///   - beta2: in 0..<1.
  ///   - epsilon: > 0.
  ///   - weightDecay: ≥ 0.
  ///   - isDecoupled: whether it is AdamW.
  public init(
    learningRate: Float = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0, isDecoupled: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  /// AdamW with PyTorch's defaults.
  public static func decoupled(
    learningRate: Float = 0.001, weightDecay: Float = 0.01
  ) -> Adam {
    Adam(learningRate: learningRate, weightDecay: weightDecay, isDecoupled: true)
  }

  /// `mean` and `square`: m and v.
  public var stateNames: [String] { ["mean", "square"] }

  /// rate / (1 − β₁ᵗ), 1 / √(1 − β₂ᵗ), and what is left of a parameter that decays beside the
  /// gradient. In Double, rounded once.
  public func derived(step: Int, learningRate: Float) -> SIMD4<Float> {
    let rate = Double(learningRate)
    let first = 1 - Self.power(Double(beta1), step)
    let second = 1 - Self.power(Double(beta2), step)
    let rest = isDecoupled ? 1 - rate * Double(weightDecay) : 1
    return [Float(rate / first), Float(1 / second.squareRoot()), Float(rest), 0]
  }

  /// baseⁿ by squaring: products alone, so the same bits on every machine. libm's `pow` is not.
  /// O(log n).
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest % 2 == 1 { result *= square }
      square *= square
      rest /= 2
    }
    return result
  }

  /// As `Optimizer.update`. O(block), one pass over it.
  public func update(
    _ block: ParameterBlock, of parameters: FloatBuffer, gradient: FloatBuffer,
    states: ArraySlice<FloatBuffer>, _ scalars: StepScalars
  ) -> Bool {
    ParameterLoops.adam(
      parameters, gradient: gradient, mean: states[states.startIndex],
      square: states[states.startIndex + 1],
      ParameterLoops.AdamNumbers(
        meanShare: 1 - beta1, squareRest: beta2, squareShare: 1 - beta2,
        rootScale: scalars.derived[1], epsilon: epsilon, rate: scalars.derived[0],
        decay: isDecoupled ? 0 : weightDecay, shrink: scalars.derived[2]), block)
  }
}
