import SkeinModel
import Synchronization
import Testing

@testable import SkeinTraining

/// The clock that a run looks at now and then: it must see the work, and change nothing.
@Suite struct SampledSchedulerTests {
  /// Each item takes 100 ticks of a clock that stands still otherwise.
  private final class Work: Phase {
    struct Failure: Error {}
    let itemCount: Int
    let part: StepPart?
    let clock: Ticks
    let fails: Bool

    init(_ part: StepPart?, items: Int, _ clock: Ticks, fails: Bool = false) {
      (self.part, itemCount, self.clock, self.fails) = (part, items, clock, fails)
    }

    func run(item: Int, worker: Int) throws {
      clock.now.add(100, ordering: .relaxed)
      if fails { throw Failure() }
    }
  }

  private final class Ticks: Sendable {
    let now = Atomic<Int>(0)
    var read: @Sendable () -> Int { { self.now.load(ordering: .relaxed) } }
  }

  @Test func onlyEvery32ndStepIsLookedAt() throws {
    let ticks = Ticks()
    let scheduler = SampledScheduler(SerialScheduler(), clock: ticks.read)
    #expect(scheduler.takeSplit(of: 1) == nil)
    for step in 1...70 {
      // The steps that count are 2, 34 and 66: 3 times 4 items, and then 1.
      let isCounted = step % 32 == 2
      try scheduler.run(Work(.forwardBackward, items: isCounted ? 3 : 50, ticks))
      try scheduler.run(Work(.reduceUpdate, items: isCounted ? 1 : 50, ticks))
      try scheduler.run(Work(nil, items: 9, ticks))
    }
    let split = try #require(scheduler.takeSplit(of: 8))
    #expect(split == [WorkerSplit(forwardBackward: 6, reduceUpdate: 2, waiting: 0)])
    #expect(scheduler.takeSplit(of: 8) == nil, "taken")
  }

  @Test func switchedOffItNeverLooks() throws {
    let scheduler = SampledScheduler(
      SerialScheduler(), isOn: false,
      clock: {
        Issue.record("a clock was read")
        return 0
      })
    for _ in 0..<40 { try scheduler.run(Work(.forwardBackward, items: 2, Ticks())) }
    #expect(scheduler.takeSplit(of: 1) == nil)
  }

  @Test func aFailureOfASampledStepSurfaces() throws {
    let ticks = Ticks()
    let scheduler = SampledScheduler(SerialScheduler(), clock: ticks.read)
    try scheduler.run(Work(.forwardBackward, items: 1, ticks))
    #expect(throws: Work.Failure.self) {
      try scheduler.run(Work(.forwardBackward, items: 2, ticks, fails: true))
    }
  }

  @Test(arguments: [1, 2, 3])
  func anEpochsSplitAddsUpForEachWorker(threads: Int) throws {
    final class Keeping: TrainingObserver {
      var metrics: [EpochMetrics] = []
      func stepEnded(_ progress: TrainingProgress) {}
      func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
        self.metrics.append(metrics)
      }
    }
    let plain = try DispatchScheduler(threads: threads)
    let split = makeSplit(300)
    let expected = try train(split, scheduler: plain, shards: 4, batchSize: 8)
    let found = try train(split, scheduler: SampledScheduler(plain), shards: 4, batchSize: 8)
    #expect(found == expected)
    let keeping = Keeping()
    _ = try train(
      split, scheduler: SampledScheduler(plain), shards: 4, batchSize: 8, observers: [keeping])
    for metrics in keeping.metrics {
      let workers = try #require(metrics.workers)
      let training = 300 / metrics.samplesPerSecond
      #expect(workers.count == threads)
      for worker in workers {
        #expect(worker.forwardBackward >= 0 && worker.reduceUpdate >= 0 && worker.waiting >= 0)
        let sum = worker.forwardBackward + worker.reduceUpdate + worker.waiting
        #expect(abs(sum - training) <= 1e-6 * training)
      }
      #expect(workers.contains { $0.forwardBackward > 0 && $0.reduceUpdate > 0 })
      #expect(try metrics.line().contains("\"forward+backward\":"))
    }
    #expect(!keeping.metrics.isEmpty)
  }
}
