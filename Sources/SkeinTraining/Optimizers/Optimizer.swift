import SkeinKernels

/// What is the same for all parameters in one step.
public struct StepScalars: Sendable, Equatable {
  /// The number of the step, from 1.
  public var step: Int
  /// The rate of the step: what the schedule gives for it.
  public var learningRate: Float

  /// - Parameters:
  ///   - step: from 1.
  ///   - learningRate: > 0.
  public init(step: Int, learningRate: Float) {
    self.step = step
    self.learningRate = learningRate
  }
}

/// A rule that turns a mean gradient into new parameters.
///
/// It is a value of hyperparameters. What it keeps from step to step are named states: a number per
/// parameter each, which the trainer holds and checkpoints save. A new optimizer is one file with a
/// type of its own.
public protocol Optimizer: Sendable {
  /// What its states are called, as "velocity"; none where a step depends on its gradient alone.
  var stateNames: [String] { get }

  /// The rate of all steps where there is no schedule, > 0. A schedule replaces it.
  var learningRate: Float { get }

  /// Updates `block` of `parameters`, given its mean gradient at the front of `gradient`, row by
  /// row. Element by element, so that any partition of the parameters over workers gives the same
  /// bits. Allocates nothing.
  ///
  /// - Parameter states: in the order of `stateNames`, each in the parameters' layout, all 0 before
  ///   the first step.
  /// - Returns: whether all of the new parameters are finite.
  func update(
    _ block: ParameterBlock, of parameters: FloatBuffer, gradient: FloatBuffer,
    states: [FloatBuffer], _ scalars: StepScalars
  ) -> Bool
}
