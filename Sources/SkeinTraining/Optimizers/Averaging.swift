import SkeinKernels

/// Any optimizer, and an exponential moving average of the parameters behind it:
///
///     a ← a + (1 − decay) · (p − a)         after each step; a = p after the first one
///
/// The average is often the better network, and it is less at the mercy of the last batches. It
/// takes no part in the training.
///
/// Source: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; as
/// PyTorch's `AveragedModel` with `get_ema_avg_fn(decay)`.
public struct Averaging: Optimizer {
  /// What makes the steps.
  public let base: any Optimizer
  /// How much of the average is kept in a step, in 0..<1.
  public let decay: Float
  /// The states of `base`, and then `average`.
  public let stateNames: [String]

  /// What the average is called among the states.
  public static let stateName = "average"

  /// - Parameters:
  ///   - base: an optimizer without a state of the name `average`.
  ///   - decay: in 0..<1.
  public init(_ base: any Optimizer, decay: Float) {
    self.base = base
    self.decay = decay
    stateNames = base.stateNames + [Self.stateName]
  }

  /// The base's rate.
  public var learningRate: Float { base.learningRate }

  /// The base's numbers.
  public func derived(step: Int, learningRate: Float) -> SIMD4<Float> {
    base.derived(step: step, learningRate: learningRate)
  }

  /// True of `average`, and of what the base says.
  public func beginsAsParameters(_ name: String) -> Bool {
    name == Self.stateName || base.beginsAsParameters(name)
  }

  /// As `Optimizer.update`. O(block): the base's pass, and one more.
  public func update(
    _ block: ParameterBlock, of parameters: FloatBuffer, gradient: FloatBuffer,
    states: ArraySlice<FloatBuffer>, _ scalars: StepScalars
  ) -> Bool {
    let isFinite = base.update(
      block, of: parameters, gradient: gradient, states: states.dropLast(), scalars)
    ParameterLoops.average(
      states[states.endIndex - 1], of: parameters, share: scalars.step == 1 ? 1 : 1 - decay, block)
    return isFinite
  }
}
