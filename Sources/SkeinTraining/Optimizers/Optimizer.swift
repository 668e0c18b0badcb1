import SkeinKernels

/// What is the same for all parameters in one step.
public struct StepScalars: Sendable, Equatable {
  /// The number of the step, from 1.
  public var step: Int
  /// The rate of the step: what the schedule gives for it.
  public var learningRate: Float
  /// What the optimizer derives from the two, once per step: see `Optimizer.derived`.
  public var derived: SIMD4<Float>

  /// - Parameters:
  ///   - step: from 1.
  ///   - learningRate: ≥ 0.
  ///   - derived: what the optimizer derives from them.
  public init(step: Int, learningRate: Float, derived: SIMD4<Float> = .zero) {
    self.step = step
    self.learningRate = learningRate
    self.derived = derived
  }
}

/// A rule that turns a mean gradient into new parameters.
///
/// It is a value of hyperparameters. What it keeps from step to step are named states: a number per
/// parameter each, which the trainer holds and checkpoints save. A new optimizer is one file with a
/// type of its own.
public protocol Optimizer: Sendable {
  /// What its states are called, as "velocity"; none where a step depends on its gradient alone. No
  /// two have one name.
  var stateNames: [String] { get }

  /// The rate of all steps where there is no schedule, ≥ 0. A schedule replaces it.
  var learningRate: Float { get }

  /// Numbers of the step that cost too much to be computed for every block again, such as a power.
  /// They stand in the scalars that `update` gets.
  ///
  /// - Parameters:
  ///   - step: from 1.
  ///   - learningRate: the rate of the step.
  func derived(step: Int, learningRate: Float) -> SIMD4<Float>

  /// Whether the state `name` begins as a copy of the parameters. Others begin as 0.
  func beginsAsParameters(_ name: String) -> Bool

  /// Updates `block` of `parameters`, given its mean gradient at the front of `gradient`, row by
  /// row. Element by element, so that any partition of the parameters over workers gives the same
  /// bits. Allocates nothing.
  ///
  /// - Parameter states: in the order of `stateNames`, each in the parameters' layout.
  /// - Returns: whether all of the new parameters are finite, and the states that they depend on.
  func update(
    _ block: ParameterBlock, of parameters: FloatBuffer, gradient: FloatBuffer,
    states: ArraySlice<FloatBuffer>, _ scalars: StepScalars
  ) -> Bool
}

extension Optimizer {
  /// None: the step's number and rate are enough.
  public func derived(step: Int, learningRate: Float) -> SIMD4<Float> { .zero }

  /// False: every state begins as 0.
  public func beginsAsParameters(_ name: String) -> Bool { false }

  /// The scalars of step `step`, from 1, at the rate `learningRate`.
  func scalars(step: Int, learningRate: Float) -> StepScalars {
    StepScalars(
      step: step, learningRate: learningRate,
      derived: derived(step: step, learningRate: learningRate))
  }

  /// New states for `parameters`, as before the first step. O(parameters) each.
  func makeStates(for parameters: FloatBuffer) -> [FloatBuffer] {
    stateNames.map { name in
      let state = FloatBuffer(count: parameters.count)
      begin(name, state, parameters)
      return state
    }
  }

  /// Gives the state `name` its first values.
  func begin(_ name: String, _ state: FloatBuffer, _ parameters: FloatBuffer) {
    if beginsAsParameters(name) {
      state[0..<state.count] = parameters[0..<parameters.count]
    } else {
      state.withMutableValues(0..<state.count) { $0.update(repeating: 0) }
    }
  }
}
