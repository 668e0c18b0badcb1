import SkeinTraining

/// What tells the time: the machine's monotonic clock, or a test's.
public struct Clock: Sendable {
  /// Nanoseconds since some moment.
  public let now: @Sendable () -> Int

  public init(_ now: @escaping @Sendable () -> Int) { self.now = now }

  /// The clock that neither jumps nor follows the time of day.
  public static let monotonic = Clock { StepTimes.now() }
}
