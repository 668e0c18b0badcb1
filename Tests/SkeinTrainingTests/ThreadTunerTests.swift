import Synchronization
import Testing

@testable import SkeinRun
@testable import SkeinTraining
@testable import SkeinWorkers

@Suite struct ThreadTunerTests {
  /// A machine on which a step takes `seconds(workers)`.
  private final class Machine {
    /// Nanoseconds.
    private final class Time: Sendable { let now = Atomic<Int>(0) }
    private let time = Time()
    var chosen: Int?
    var trials: [ThreadTuner.Trial] = []

    func run(
      workers: Int, seconds: (Int, Int) -> Double, steps: Int = 10_000
    ) throws -> Int {
      let scheduler = try DispatchScheduler(exactly: workers)
      let tuner = ThreadTuner(
        scheduler, clock: NanosecondClock { [time] in time.now.load(ordering: .relaxed) }
      ) { chosen, trials in
        #expect(self.chosen == nil, "chosen once")
        (self.chosen, self.trials) = (chosen, trials)
      }
      for step in 0..<steps {
        time.now.add(Int(seconds(scheduler.activeWorkers, step) * 1e9), ordering: .relaxed)
        tuner.stepEnded(TrainingProgress())
      }
      #expect(scheduler.activeWorkers == chosen)
      return chosen ?? 0
    }
  }

  @Test func theFastestCountIsChosen() throws {
    for best in [1, 2, 4, 6] {
      let machine = Machine()
      let chosen = try machine.run(workers: 6) { workers, _ in
        0.001 * (1 + abs(Double(workers - best)))
      }
      #expect(chosen == best)
      #expect(machine.trials.map(\.workers) == [1, 2, 4, 6])
    }
  }

  @Test func aGainWithinNoiseIsNotWorthAThread() throws {
    #expect(try Machine().run(workers: 2) { workers, _ in workers == 1 ? 0.00102 : 0.001 } == 1)
    #expect(try Machine().run(workers: 2) { workers, _ in workers == 1 ? 0.00110 : 0.001 } == 2)
  }

  @Test func aNoisyMomentDoesNotDecide() throws {
    let chosen = try Machine().run(workers: 2) { workers, step in
      // Two workers are faster, and another process disturbs one turn of them.
      (workers == 1 ? 0.002 : 0.001) * (workers == 2 && (30..<40).contains(step) ? 20 : 1)
    }
    #expect(chosen == 2)
  }

  @Test func candidatesArePowersOfTwoAndAll() {
    #expect(ThreadTuner.candidates(upTo: 1) == [1])
    #expect(ThreadTuner.candidates(upTo: 2) == [1, 2])
    #expect(ThreadTuner.candidates(upTo: 16) == [1, 2, 4, 8, 16])
    #expect(ThreadTuner.candidates(upTo: 24) == [1, 2, 4, 8, 16, 24])
  }

  @Test func tuningChangesNoBit() throws {
    let split = makeSplit(90)
    let expected = SmallRun.makeTrainer(split, epochs: 4)
    _ = try expected.run()
    let scheduler = try DispatchScheduler(exactly: 3)
    let tuned = SmallRun.makeTrainer(split, epochs: 4, scheduler: scheduler)
    _ = try tuned.run(observers: [ThreadTuner(scheduler, turn: 0) { _, _ in }])
    #expect(tuned.digest == expected.digest)
  }
}
