import SkeinData
import Synchronization

/// A scheduler that notes how long its workers are at work.
public struct TimedScheduler<Base: BatchScheduler>: BatchScheduler {
  public let times: StepTimes
  private let base: Base

  public init(_ base: Base, times: StepTimes) {
    self.base = base
    self.times = times
  }

  public var workerCount: Int { base.workerCount }
  public var activeWorkers: Int { base.activeWorkers }

  public func run(_ phase: some Phase) throws {
    try StepTimes.measure(times.phaseTime) {
      try base.run(TimedPhase(phase, times, isUpdate: phase.part == .reduceUpdate))
    }
  }
}

/// A phase whose items are timed, one by one.
private final class TimedPhase<Base: Phase>: Phase {
  private let base: Base
  private let times: StepTimes
  private let isUpdate: Bool

  init(_ base: Base, _ times: StepTimes, isUpdate: Bool) {
    self.base = base
    self.times = times
    self.isUpdate = isUpdate
  }

  var itemCount: Int { base.itemCount }

  func run(item: Int, worker: Int) throws {
    if isUpdate {
      try StepTimes.measure(times.updateTime) { try base.run(item: item, worker: worker) }
    } else {
      try StepTimes.measure(times.gradientTime) { try base.run(item: item, worker: worker) }
    }
  }
}

/// Samples whose gathering is timed.
public struct TimedSource<Base: SampleSource>: SampleSource {
  private let base: Base
  private let times: StepTimes

  public init(_ base: Base, times: StepTimes) {
    self.base = base
    self.times = times
  }

  public var count: Int { base.count }
  public var sampleShape: [Int] { base.sampleShape }
  public var sampleSize: Int { base.sampleSize }
  public var classCount: Int { base.classCount }

  public func gather(
    _ rows: UnsafeBufferPointer<Int32>, scale: Float,
    samples: UnsafeMutableBufferPointer<Float>, labels: UnsafeMutableBufferPointer<Int32>
  ) throws {
    try StepTimes.measure(times.gatherTime) {
      try base.gather(rows, scale: scale, samples: samples, labels: labels)
    }
  }

  public func prefetch(_ rows: UnsafeBufferPointer<Int32>) { base.prefetch(rows) }
}
