/// The learning rate of each step: a pure function, so that a run which goes on needs to know
/// nothing but its step.
public protocol Schedule: Sendable {
  /// The rate of step `step`, from 1, of `steps` in all.
  func learningRate(step: Int, of steps: Int) -> Float
}

/// One rate for all steps.
public struct ConstantSchedule: Schedule, Equatable {
  /// The rate, > 0.
  public let rate: Float

  /// A schedule that gives `rate`, > 0, throughout.
  public init(_ rate: Float) { self.rate = rate }

  /// `rate`.
  public func learningRate(step: Int, of steps: Int) -> Float { rate }
}
