import SkeinRecord

/// Where a step stands in its training.
public struct SchedulePosition: Sendable, Equatable {
  /// The step's number, from 1.
  public var step: Int
  /// How many steps an epoch has, > 0.
  public var stepsPerEpoch: Int
  /// How many epochs there are, ≥ 0.
  public var epochs: Int
  /// How often the watched number has stood still, ≥ 0: see `Schedule.note`.
  public var reductions: Int
  /// How many steps came before step 1: those of a `WarmUp`.
  var stepsBefore = 0

  /// - Parameters:
  ///   - step: from 1.
  ///   - stepsPerEpoch: > 0.
  ///   - epochs: ≥ 0.
  ///   - reductions: ≥ 0.
  public init(step: Int, stepsPerEpoch: Int, epochs: Int, reductions: Int = 0) {
    self.step = step
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
    self.reductions = reductions
  }

  /// How many epochs lie behind the step.
  public var epoch: Int { (step - 1) / stepsPerEpoch }

  /// How many steps there are in all, but for those of a rise before them; at most what an `Int`
  /// holds.
  public var steps: Int {
    let (steps, overflow) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
    return overflow ? .max : steps - stepsBefore
  }
}

/// The learning rate of each step: a pure function of the step's place and of how often the watched
/// number stood still, so that a run which goes on needs to know nothing else.
///
/// Rates are computed in Double with products, sums and functions of this package, and rounded
/// once: no machine has other bits. A new schedule is one file with a type of its own.
public protocol Schedule: Sendable {
  /// The rate of the step at `position`, ≥ 0.
  func learningRate(at position: SchedulePosition) -> Float

  /// Notes how an epoch has ended. Most schedules have nothing to note.
  func note(_ metrics: EpochMetrics, in plateau: inout Plateau)
}

extension Schedule {
  /// Notes nothing.
  public func note(_ metrics: EpochMetrics, in plateau: inout Plateau) {}
}

/// One rate for all steps.
public struct ConstantSchedule: Schedule, Equatable {
  /// The rate, ≥ 0.
  public let rate: Float

  /// A schedule that gives `rate`, ≥ 0, throughout.
  public init(_ rate: Float) { self.rate = rate }

  /// `rate`.
  public func learningRate(at position: SchedulePosition) -> Float { rate }
}
