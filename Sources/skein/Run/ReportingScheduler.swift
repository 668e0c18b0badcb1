import SkeinWorkers
import Synchronization

/// A scheduler that reports how many items of a phase are done.
struct ReportingScheduler: BatchScheduler {
  private let base: any BatchScheduler
  private let report: @Sendable (_ done: Int, _ total: Int) -> Void

  /// A scheduler that runs everything on `base`.
  ///
  /// - Parameter report: called after each item, from any thread.
  init(_ base: any BatchScheduler, report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void)
  {
    self.base = base
    self.report = report
  }

  var workerCount: Int { base.workerCount }
  var activeWorkers: Int { base.activeWorkers }

  func run(_ phase: any Phase) throws {
    try base.run(ReportingPhase(phase, report: report))
  }
}

/// A phase that counts its finished items.
private final class ReportingPhase: Phase {
  private let base: any Phase
  private let report: @Sendable (Int, Int) -> Void
  private let done = Atomic<Int>(0)

  init(_ base: any Phase, report: @escaping @Sendable (Int, Int) -> Void) {
    self.base = base
    self.report = report
  }

  var itemCount: Int { base.itemCount }

  func run(item: Int, worker: Int) throws {
    try base.run(item: item, worker: worker)
    report(done.add(1, ordering: .relaxed).newValue, itemCount)
  }
}
