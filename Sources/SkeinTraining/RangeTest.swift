import SkeinWorkers

/// The learning-rate range test: a short training whose rate grows from step to step, and what its
/// losses say about rates.
///
/// The loss falls as long as the rate suits the network, stands still, and then rises steeply: it
/// shows how large the rate may be. Source: Smith, "Cyclical Learning Rates for Training Neural
/// Networks", 2017, section 3.3; smoothing and the end as in Howard and Gugger's fastai.
public struct RangeTest: Sendable, Equatable {
  /// One step of it.
  public struct Point: Sendable, Equatable {
    /// The step's rate.
    public let rate: Double
    /// The mean loss of its samples, before the update.
    public let loss: Double
    /// The losses up to this one as a moving average, which keeps 0.95 of itself in a step.
    public let smooth: Double
  }

  /// The steps with a finite loss, in their order.
  public private(set) var points: [Point] = []
  /// The first rate at which the loss was out of hand: above four times the lowest one, or no
  /// number; nil where that was not reached.
  public private(set) var divergence: Double?

  private var sum = 0.0
  private var weight = 0.0
  private static let kept = 0.95
  private static let outOfHand = 4.0

  /// Before the first step.
  public init() {}

  /// Notes a step.
  mutating func note(rate: Double, loss: Double) {
    sum = Self.kept * sum + (1 - Self.kept) * loss
    weight = Self.kept * weight + (1 - Self.kept)
    let smooth = sum / weight
    points.append(Point(rate: rate, loss: loss, smooth: smooth))
    if let lowest, smooth > Self.outOfHand * lowest.smooth { diverge(at: rate) }
  }

  /// Notes that a step of `rate` gave no number.
  mutating func diverge(at rate: Double) { divergence = divergence ?? rate }

  /// The step at which the smoothed loss is lowest; nil before the first one.
  public var lowest: Point? { points.min { $0.smooth < $1.smooth } }

  /// The rate to begin with: a tenth of the one with the lowest loss, where the loss still falls
  /// steeply. Nil where the loss has not fallen by 2 %.
  public var suggestion: Double? {
    guard let first = points.first, let lowest, lowest.smooth < 0.98 * first.smooth else {
      return nil
    }
    return lowest.rate / 10
  }
}

/// Notes the loss of every step, and ends the training when it is out of hand.
final class RangeRecorder: TrainingObserver {
  private(set) var test = RangeTest()
  let stop = StopRequest()
  private let schedule: RangeSchedule
  private let report: (_ step: Int) -> Void
  private var last = TrainingProgress()

  init(_ schedule: RangeSchedule, report: @escaping (_ step: Int) -> Void) {
    (self.schedule, self.report) = (schedule, report)
  }

  func stepEnded(_ progress: TrainingProgress) {
    let before = progress.epoch == last.epoch ? last.totals : .init()
    let weight = progress.totals.weight - before.weight
    test.note(
      rate: schedule.rate(ofStep: progress.step),
      loss: (progress.totals.loss - before.loss) / (weight > 0 ? weight : 1))
    last = progress
    report(progress.step)
    if test.divergence != nil || progress.step >= schedule.steps { stop.raise() }
  }
}

extension Trainer {
  /// Trains with the rates of `schedule`, which must be this trainer's, until its last one or until
  /// the loss is out of hand. The parameters are of no use afterwards.
  ///
  /// - Parameter report: gets the number of each step.
  /// - Throws: `WorkerError` where samples cannot be had, `NonFiniteError` for a sample that is no
  ///   number.
  public func testRange(
    _ schedule: RangeSchedule, report: @escaping (_ step: Int) -> Void = { _ in }
  ) throws -> RangeTest {
    let recorder = RangeRecorder(schedule, report: report)
    do {
      _ = try run(observers: [recorder], stop: recorder.stop)
    } catch let error as NonFiniteError where !error.isOfSamples {
      var test = recorder.test
      test.diverge(at: schedule.rate(ofStep: progress.step + 1))
      return test
    }
    return recorder.test
  }
}
