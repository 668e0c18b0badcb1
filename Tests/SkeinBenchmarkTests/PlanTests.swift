import SkeinModel
import Synchronization
import Testing

@testable import SkeinBenchmark
@testable import SkeinFiles
@testable import SkeinTraining
@testable import SkeinWorkers

/// The order of repetitions, and the window that is timed, under a clock of the test's.
@Suite struct PlanTests {
  @Test func everyRoundHasEveryPointAndBeginsElsewhere() {
    let plan = BenchmarkPlan(threads: [4, 1, 2, 1], repeats: 4)
    #expect(plan.points.map(\.threads) == [1, 2, 4])
    #expect(plan.order == [0, 1, 2, 1, 2, 0, 2, 0, 1, 0, 1, 2])
    for repeats in 1...7 {
      for count in 1...5 {
        let plan = BenchmarkPlan(
          threads: Array(1...count), includesWeak: true, repeats: repeats)
        let rounds = stride(from: 0, to: plan.order.count, by: 2 * count).map {
          plan.order[$0..<($0 + 2 * count)].sorted()
        }
        #expect(rounds == Array(repeating: Array(0..<(2 * count)), count: repeats))
      }
    }
  }

  /// A machine that gets slower all the time slows every point by the same: measured one after the
  /// other, the last one would seem to be slowest by far.
  @Test func aDriftFavoursNoPoint() throws {
    let plan = BenchmarkPlan(threads: [1, 2, 4], repeats: 9)
    var time = 0.0
    let results = plan.run { _ in
      time += 1
      return time
    }
    let medians = try results.map { try #require(Statistics($0)).median }
    // Places in a round lie at most two apart; in blocks of nine the medians would lie 18 apart.
    #expect((medians.max() ?? 0) - (medians.min() ?? 0) <= 2)
    #expect(results.allSatisfy { $0.count == 9 })
  }

  @Test func weakScalingGrowsTheBatch() {
    let plan = BenchmarkPlan(threads: [1, 4], includesWeak: true)
    #expect(plan.points.map { $0.batchSize(base: 32) } == [32, 32, 32, 128])
  }

  /// A clock that a test sets.
  private final class FakeClock: Sendable {
    let time = Mutex(0)
    var clock: NanosecondClock { NanosecondClock { [self] in time.withLock { $0 } } }
    func advance(_ nanoseconds: Int) { time.withLock { $0 += nanoseconds } }
  }

  /// Steps of 10 samples and 1 ms, five to an epoch with an uneven last one of 4 samples.
  private func play(_ window: StepWindow, _ clock: FakeClock) -> Int {
    var progress = TrainingProgress()
    while !window.stop.isRaised && progress.step < 10_000 {
      clock.advance(1_000_000)
      progress.step += 1
      progress.batch = progress.batch % 5 + 1
      if progress.batch == 1 { progress.totals = BatchSums() }
      progress.totals.samples += progress.batch == 5 ? 4 : 10
      window.stepEnded(progress)
    }
    return progress.step
  }

  @Test func theWindowCountsItsOwnSteps() {
    let clock = FakeClock()
    var began = 0
    let window = StepWindow(
      .steps(7), warmUp: (2, 5_000_000), clock: clock.clock, began: { began += 1 })
    // Six steps warm up, five of them timed; then seven count: the epoch's 2nd to 5th and 1st to
    // 3rd.
    #expect(play(window, clock) == 13)
    #expect(window.steps == 7 && window.nanoseconds == 7_000_000 && began == 1)
    #expect(window.samples == 10 + 10 + 10 + 4 + 10 + 10 + 10)
  }

  @Test func secondsBecomeSteps() {
    let clock = FakeClock()
    let window = StepWindow(.seconds(0.25), clock: clock.clock)
    _ = play(window, clock)
    #expect(window.steps == 250 && window.nanoseconds == 250_000_000)
    // Shorter than a step: one step.
    let short = StepWindow(.seconds(1e-9), clock: clock.clock)
    _ = play(short, clock)
    #expect(short.steps == 1)
  }

  @Test func sharesAddUpToOne() {
    // Two workers for 100 ns: 60 + 40 gathering and computing, 30 updating, phases of 90.
    let shares = TimeShares(
      gather: 20, forwardBackward: 100, reduceUpdate: 30, phases: 90, workers: 2, elapsed: 100)
    #expect(shares.gather == 0.1 && shares.forwardBackward == 0.5 && shares.reduceUpdate == 0.15)
    #expect(abs(shares.serial - 0.1) < 1e-12 && abs(shares.waiting - 0.15) < 1e-12)
    let none = TimeShares(
      gather: 0, forwardBackward: 0, reduceUpdate: 0, phases: 0, workers: 1, elapsed: 0)
    #expect(none.waiting >= 0 && none.serial == 0)
  }

  /// 784-256-128-10: 6 × (200704 + 32768 + 1280) − 2 × 200704.
  @Test func operationsOfASample() {
    let network = Network(
      inputs: 784, hidden: [256, 128], outputs: 10, activation: .relu)
    #expect(StepCost(network).operations == 1_007_104)
  }
}
