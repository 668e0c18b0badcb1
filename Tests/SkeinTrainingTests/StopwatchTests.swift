import SkeinFiles
import SkeinRecord
import SkeinRun
import SkeinTraining
import SkeinWorkers
import Synchronization
import Testing

/// The clock around items: it must see the work, and change nothing.
@Suite(.timeLimit(.minutes(5))) struct StopwatchTests {
  /// Each item takes 100 ticks of a clock that stands still otherwise.
  private final class Work: Phase {
    struct Failure: Error {}
    let name: String
    let itemCount: Int
    let ticks: Ticks
    let fails: Bool

    init(_ name: String, items: Int, _ ticks: Ticks, fails: Bool = false) {
      (self.name, itemCount, self.ticks, self.fails) = (name, items, ticks, fails)
    }

    func run(item: Int, worker: Int) throws {
      ticks.now.add(100, ordering: .relaxed)
      if fails { throw Failure() }
    }
  }

  private final class Ticks: Sendable {
    let now = Atomic<Int>(0)
    var clock: NanosecondClock { NanosecondClock { self.now.load(ordering: .relaxed) } }
  }

  @Test func oneRunOfAPhaseInAPeriodIsMeasured() throws {
    let ticks = Ticks()
    let stopwatch = Stopwatch(SerialScheduler(), period: 32, clock: ticks.clock)
    #expect(stopwatch.take("first") == nil)
    for step in 1...70 {
      // The steps that count are 2, 34 and 66: 3 times 4 items, and then 1.
      let isCounted = step % 32 == 2
      try stopwatch.run(Work("first", items: isCounted ? 4 : 50, ticks))
      try stopwatch.run(Work("second", items: isCounted ? 1 : 50, ticks))
      // A phase that comes once an epoch has a period of its own.
      if step == 3 { try stopwatch.run(Work("third", items: 9, ticks)) }
    }
    #expect(stopwatch.take("first") == Stopwatch.Reading(work: [1200], elapsed: 1200))
    #expect(stopwatch.take("second") == Stopwatch.Reading(work: [300], elapsed: 300))
    #expect(stopwatch.take("third") == nil)
    #expect(stopwatch.take("first") == nil, "taken")
  }

  @Test func nestedOnesMeasureTheSame() throws {
    let ticks = Ticks()
    let inner = Stopwatch(SerialScheduler(), clock: ticks.clock)
    let outer = Stopwatch(inner, clock: ticks.clock)
    for _ in 0..<3 { try outer.run(Work("work", items: 5, ticks)) }
    let expected = Stopwatch.Reading(work: [1000], elapsed: 1000)
    #expect(outer.take("work") == expected)
    #expect(inner.take("work") == expected)
  }

  @Test func aFailureOfAMeasuredRunSurfaces() throws {
    let ticks = Ticks()
    let stopwatch = Stopwatch(SerialScheduler(), clock: ticks.clock)
    try stopwatch.run(Work("work", items: 1, ticks))
    #expect(throws: Work.Failure.self) {
      try stopwatch.run(Work("work", items: 2, ticks, fails: true))
    }
    #expect(stopwatch.take("work") == Stopwatch.Reading(work: [100], elapsed: 100))
  }

  @Test(arguments: [1, 2, 3])
  func anEpochsTimesAddUpForEachWorker(threads: Int) throws {
    final class Keeping: TrainingObserver {
      var metrics: [EpochMetrics] = []
      func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
        self.metrics.append(metrics)
      }
    }
    let plain = try DispatchScheduler(exactly: threads)
    let split = makeSplit(300)
    let expected = try train(split, scheduler: plain, shards: 4, batchSize: 8)
    let stopwatch = Stopwatch(plain, period: WorkerClock.period)
    let keeping = Keeping()
    let found = try train(
      split, scheduler: stopwatch, shards: 4, batchSize: 8,
      observers: [WorkerClock(stopwatch), keeping])
    #expect(found == expected)
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
