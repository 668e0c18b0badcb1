import SkeinModel
import SkeinTraining
import Synchronization
import Testing

/// What a schedule is asked, and what becomes of its answer.
@Suite struct ScheduleTests {
  /// A schedule that keeps what it is asked for, and gives another rate for each step.
  private final class Asked: Schedule {
    struct Call: Equatable, Sendable {
      let step: Int
      let steps: Int
    }

    private let kept = Mutex<[Call]>([])
    var calls: [Call] { kept.withLock { $0 } }

    func learningRate(at position: SchedulePosition) -> Float {
      // An epoch's end asks for its last step's rate again, to report it.
      kept.withLock {
        let call = Call(step: position.step, steps: position.steps)
        if $0.last != call { $0.append(call) }
      }
      return 0.2 / Float(position.step)
    }
  }

  /// 23 samples in batches of 5: five of them, or four where the smaller one is dropped.
  private func trainer(_ schedule: any Schedule, dropLast: Bool) -> Trainer {
    smallTrainer(
      makeSplit(23).scaled(by: 255),
      optimizer: StochasticGradientDescent(learningRate: 7, momentum: 0.9), schedule: schedule,
      options: TrainingOptions(epochs: 3, batchSize: 5, dropLast: dropLast))
  }

  private func calls(_ steps: ClosedRange<Int>, of total: Int) -> [Asked.Call] {
    steps.map { Asked.Call(step: $0, steps: total) }
  }

  @Test(arguments: [(false, 15), (true, 12)])
  func everyStepIsAskedForOnce(dropLast: Bool, total: Int) throws {
    let asked = Asked()
    #expect(try trainer(asked, dropLast: dropLast).run())
    #expect(asked.calls == calls(1...total, of: total))
  }

  /// A run that goes on asks on where it stood, and ends in the bits of one that was not stopped.
  @Test(arguments: [1, 4, 5, 7, 14], [false, true])
  func aRunThatGoesOnCountsOn(step: Int, dropLast: Bool) throws {
    let total = dropLast ? 12 : 15
    let step = min(step, total - 1)
    let whole = trainer(Asked(), dropLast: dropLast)
    #expect(try whole.run())
    let (before, after) = (Asked(), Asked())
    let (stopped, resumed) = (
      trainer(before, dropLast: dropLast), trainer(after, dropLast: dropLast)
    )
    let stopping = StoppingAt(step: step)
    #expect(try !stopped.run(observers: [stopping], stop: stopping.stop))
    resumed.restore(stopped.state)
    #expect(try resumed.run())
    #expect(before.calls == calls(1...step, of: total))
    // Where the epoch's last step was done, its end reports that step's rate.
    #expect(after.calls.filter { $0.step > step } == calls((step + 1)...total, of: total))
    #expect(after.calls.allSatisfy { $0.step >= step })
    #expect(resumed.digest == whole.digest)
  }

  /// The optimizer's own rate is that of all steps without a schedule, and of none with one.
  @Test func aScheduleReplacesTheOptimizersRate() throws {
    func train(rate: Float, _ schedule: (any Schedule)?) throws -> TrainingDigest {
      let trainer = smallTrainer(
        makeSplit(23).scaled(by: 255), optimizer: StochasticGradientDescent(learningRate: rate),
        schedule: schedule, options: TrainingOptions(epochs: 2, batchSize: 5))
      _ = try trainer.run()
      return trainer.digest
    }
    let own = try train(rate: 0.1, nil)
    #expect(try train(rate: 7, ConstantSchedule(0.1)) == own)
    #expect(try train(rate: 0.1, ConstantSchedule(0.2)) != own)
    #expect(try train(rate: 0.1, Asked()) != own)
  }
}
