import SkeinRecord
import SkeinWorkers

/// How the workers spend their time, as shares of (workers × elapsed time). They add up to 1.
public struct TimeShares: Codable, Sendable, Equatable {
  /// Reading rows of samples, and converting them.
  public var gather: Double
  /// The forward and backward passes, up to the gradients of the preactivations.
  public var forwardBackward: Double
  /// Computing the weights' gradients, reducing them, and updating the parameters.
  public var reduceUpdate: Double
  /// Waiting while other workers still have work: at a barrier, or asleep.
  public var waiting: Double
  /// Work between the phases, which the first worker does alone while all others wait: the order of
  /// the samples, the step's totals, the reports.
  public var serial: Double

  /// The shares of one measurement; see the properties. Each is in 0…1.
  public init(
    gather: Double, forwardBackward: Double, reduceUpdate: Double, waiting: Double, serial: Double
  ) {
    self.gather = gather
    self.forwardBackward = forwardBackward
    self.reduceUpdate = reduceUpdate
    self.waiting = waiting
    self.serial = serial
  }

  /// Reducing and updating as a share of the work. Waiting and serial time are not part of the
  /// work.
  var updateShare: Double {
    let work = gather + forwardBackward + reduceUpdate
    return work > 0 ? reduceUpdate / work : 0
  }

  /// What `stopwatch` and a source's `total` have measured since the last call, in nanoseconds. The
  /// phases' time is elapsed time, and the others are sums over the workers.
  static func take(
    _ stopwatch: Stopwatch, gather total: TimedSource.Total
  ) -> (gather: Int, forwardBackward: Int, reduceUpdate: Int, phases: Int) {
    let gather = total.take()
    let first = stopwatch.take(WorkerTimes.forwardBackwardPhase)
    let second = stopwatch.take(WorkerTimes.reduceUpdatePhase)
    return (
      gather, (first?.work.reduce(0, +) ?? 0) - gather, second?.work.reduce(0, +) ?? 0,
      (first?.elapsed ?? 0) + (second?.elapsed ?? 0)
    )
  }

  /// Turns nanoseconds into shares. The first three are sums over the workers.
  init(
    gather: Int, forwardBackward: Int, reduceUpdate: Int, phases: Int, workers: Int, elapsed: Int
  ) {
    let all = Double(max(1, workers * elapsed))
    self.gather = Double(gather) / all
    self.forwardBackward = Double(forwardBackward) / all
    self.reduceUpdate = Double(reduceUpdate) / all
    serial = Double(max(0, elapsed - phases)) * Double(workers) / all
    waiting = max(0, 1 - self.gather - self.forwardBackward - self.reduceUpdate - serial)
  }

  /// The median of each share. The medians need not add up to 1.
  init(medianOf shares: [TimeShares]) {
    func median(_ share: (TimeShares) -> Double) -> Double {
      Statistics(shares.map(share))?.median ?? 0
    }
    self.init(
      gather: median(\.gather), forwardBackward: median(\.forwardBackward),
      reduceUpdate: median(\.reduceUpdate), waiting: median(\.waiting), serial: median(\.serial))
  }
}
