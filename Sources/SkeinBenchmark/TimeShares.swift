import SkeinData
import SkeinTraining
import SkeinWorkers

/// What the workers do with their time, as shares of (workers × elapsed time); they add up to 1.
public struct TimeShares: Codable, Sendable, Equatable {
  /// Bringing samples: reading rows and converting them.
  public var gather: Double
  public var forwardBackward: Double
  /// Forming the weights' gradients, reducing them, and updating.
  public var reduceUpdate: Double
  /// Without work while others have some: at a barrier, or asleep.
  public var waiting: Double
  /// Between the phases, where the first worker alone is at work and all others wait: the order of
  /// the samples, the step's totals, the reports.
  public var serial: Double

  public init(
    gather: Double, forwardBackward: Double, reduceUpdate: Double, waiting: Double, serial: Double
  ) {
    self.gather = gather
    self.forwardBackward = forwardBackward
    self.reduceUpdate = reduceUpdate
    self.waiting = waiting
    self.serial = serial
  }

  /// The share of the work, waiting left out, that is reducing and updating.
  var updateShare: Double {
    let work = gather + forwardBackward + reduceUpdate
    return work > 0 ? reduceUpdate / work : 0
  }

  /// What a stopwatch and a source have measured since the last call, in nanoseconds summed over
  /// the workers, and how long the phases lasted.
  static func take(
    _ stopwatch: Stopwatch, gather total: TimedSource.Total
  ) -> (gather: Int, gradient: Int, update: Int, phases: Int) {
    let gather = total.take()
    let first = stopwatch.take("forward+backward")
    let second = stopwatch.take("reduce+update")
    return (
      gather, (first?.work.reduce(0, +) ?? 0) - gather, second?.work.reduce(0, +) ?? 0,
      (first?.elapsed ?? 0) + (second?.elapsed ?? 0)
    )
  }

  /// All in nanoseconds; the first three are sums over the workers.
  init(gather: Int, gradient: Int, update: Int, phases: Int, workers: Int, elapsed: Int) {
    let all = Double(max(1, workers * elapsed))
    self.gather = Double(gather) / all
    forwardBackward = Double(gradient) / all
    reduceUpdate = Double(update) / all
    serial = Double(max(0, elapsed - phases)) * Double(workers) / all
    waiting = max(0, 1 - self.gather - forwardBackward - reduceUpdate - serial)
  }

  /// The median of each share.
  init(medianOf shares: [TimeShares]) {
    func median(_ share: (TimeShares) -> Double) -> Double {
      Statistics(shares.map(share))?.median ?? 0
    }
    self.init(
      gather: median(\.gather), forwardBackward: median(\.forwardBackward),
      reduceUpdate: median(\.reduceUpdate), waiting: median(\.waiting), serial: median(\.serial))
  }
}
