import SkeinKernels
import SkeinTraining
import SkeinWorkers
import Testing

/// An optimizer that Skein does not know, with two states.
@Suite(.timeLimit(.minutes(5))) struct OwnOptimizerTests {
  /// m ← 0.9 m + 0.1 g; v ← 0.99 v + 0.01 g²; p ← p − rate · m / (√v + 0.001).
  private struct Moments: Optimizer {
    let learningRate: Float = 0.01
    let stateNames = ["m", "v"]

    func update(
      _ block: ParameterBlock, of parameters: FloatBuffer, gradient: FloatBuffer,
      states: ArraySlice<FloatBuffer>, _ scalars: StepScalars
    ) -> Bool {
      var isFinite = true
      for row in 0..<block.rows {
        let start = block.start + row * block.stride
        let places = start..<(start + block.columns)
        let g = gradient[(row * block.columns)..<((row + 1) * block.columns)]
        var (p, m, v) = (parameters[places], states[0][places], states[1][places])
        for i in p.indices {
          m[i] = 0.9 * m[i] + 0.1 * g[i]
          v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i]
          p[i] -= scalars.learningRate * m[i] / (v[i].squareRoot() + 0.001)
          isFinite = isFinite && p[i].isFinite
        }
        parameters[places] = p
        states[0][places] = m
        states[1][places] = v
      }
      return isFinite
    }
  }

  private func trainer(threads: Int = 1) throws -> Trainer {
    smallTrainer(
      makeSplit(53).scaled(by: 255), optimizer: Moments(),
      options: TrainingOptions(epochs: 2, batchSize: 8),
      scheduler: try DispatchScheduler(exactly: threads))
  }

  @Test func everyThreadCountGivesTheSameBits() throws {
    let expected = try trainer()
    let start = expected.digest
    #expect(try expected.run())
    #expect(expected.digest.states.count == 2)
    #expect(Set(expected.digest.states).isDisjoint(with: start.states))
    for threads in [2, 3, 8] {
      let parallel = try trainer(threads: threads)
      #expect(try parallel.run())
      #expect(parallel.digest == expected.digest, "\(threads) threads")
    }
  }

  @Test(arguments: [1, 6, 7, 10])
  func bothStatesGoOn(step: Int) throws {
    let whole = try trainer()
    #expect(try whole.run())
    let (stopped, resumed) = (try trainer(), try trainer(threads: 2))
    let stopping = StoppingAt(step: step)
    #expect(try !stopped.run(observers: [stopping], stop: stopping.stop))
    #expect(stopped.state.optimizer.map(\.name) == ["m", "v"])
    // Their order does not matter, nor does a state of another optimizer.
    var state = stopped.state
    let velocity = TrainingState.OptimizerState(name: "velocity", values: [])
    state.optimizer = Array(state.optimizer.reversed()) + [velocity]
    resumed.restore(state)
    #expect(resumed.digest == stopped.digest)
    #expect(try resumed.run())
    #expect(resumed.digest == whole.digest)
  }

  /// What was not saved is what it is before the first step, whatever the trainer did before.
  @Test func aStateThatWasNotSavedIsZero() throws {
    let trainer = try trainer()
    #expect(try trainer.run())
    var state = trainer.state
    state.optimizer.removeAll { $0.name == "m" }
    trainer.restore(state)
    #expect(trainer.state.optimizer[0].values.allSatisfy { $0 == 0 })
    #expect(trainer.state.optimizer[1].values == state.optimizer[0].values)
    #expect(trainer.state.optimizer[1].values.contains { $0 != 0 })
  }
}
