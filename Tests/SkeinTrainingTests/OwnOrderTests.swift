import SkeinData
import SkeinRandom
import SkeinTraining
import Synchronization
import Testing

/// A source that has an order of its own: some samples repeatedly, others not at all.
@Suite struct OwnOrderTests {
  /// 26 samples, of which the even ones come three times an epoch, in an order that is drawn.
  private final class Evens: SourceWrapper {
    let base: any SampleSource = makeSplit(26).scaled(by: 255)
    private let kept = Mutex<[Int32]>([])
    /// What was read, in that order.
    var rows: [Int32] { kept.withLock { $0 } }

    static func order(_ generator: inout MersenneTwister) -> [Int32] {
      let evens = generator.permutation(13).map { 2 * $0 }
      return evens + Array(evens.reversed()) + evens
    }

    func order(
      batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
    ) -> EpochOrder {
      EpochOrder(Self.order(&generator), batchSize: batchSize, dropLast: dropLast)
    }

    func read(_ rows: BatchRows, into memory: BatchMemory) throws {
      kept.withLock { $0 += rows.numbers }
      try base.read(rows, into: memory)
    }
  }

  private final class Epochs: TrainingObserver {
    var last: [TrainingProgress] = []
    func stepEnded(_ progress: TrainingProgress) {
      if progress.batch == progress.batches { last.append(progress) }
    }
  }

  /// 39 rows in batches of 8: five of them, where 26 samples would give four.
  private func trainer(_ source: Evens, dropLast: Bool = false) -> Trainer {
    smallTrainer(
      source, optimizer: StochasticGradientDescent(learningRate: 0.1, momentum: 0.9),
      options: TrainingOptions(epochs: 3, batchSize: 8, dropLast: dropLast))
  }

  @Test(arguments: [(false, 39, 5), (true, 32, 4)])
  func theTrainerUsesTheSourcesOrder(dropLast: Bool, samples: Int, batches: Int) throws {
    let (source, epochs) = (Evens(), Epochs())
    let trainer = trainer(source, dropLast: dropLast)
    var generator = trainer.generator
    let expected = (1...3).flatMap { _ in Evens.order(&generator).prefix(samples) }
    #expect(try trainer.run(observers: [epochs]))
    #expect(source.rows == expected)
    #expect(epochs.last.map(\.batches) == [batches, batches, batches])
    #expect(epochs.last.map(\.totals.samples) == [samples, samples, samples])
    #expect(trainer.generator == generator)
  }

  /// A run that stops within an epoch goes on there, and not at the epoch's beginning.
  @Test(arguments: 1...14)
  func aRunGoesOnWithinTheEpoch(step: Int) throws {
    let whole = trainer(Evens())
    #expect(try whole.run())
    let stopped = trainer(Evens())
    let stopping = StoppingAt(step: step)
    #expect(try !stopped.run(observers: [stopping], stop: stopping.stop))
    let source = Evens()
    let resumed = trainer(source)
    resumed.restore(stopped.state)
    #expect(resumed.progress == stopped.progress)
    #expect(try resumed.run())
    #expect(resumed.digest == whole.digest)
    let seen = (step - 1) / 5 * 39 + min(((step - 1) % 5 + 1) * 8, 39)
    #expect(source.rows.count == 3 * 39 - seen)
  }

  /// A position that the order does not have is the beginning of its epoch.
  @Test(arguments: [(6, 5, 48), (3, 4, 24), (3, 5, 25), (-1, 5, -8)])
  func anImpossiblePositionStartsTheEpochAnew(batch: Int, batches: Int, samples: Int) {
    let trainer = trainer(Evens())
    var state = trainer.state
    (state.progress.batch, state.progress.batches) = (batch, batches)
    state.progress.totals.samples = samples
    trainer.restore(state)
    #expect(trainer.progress.batch == 0 && trainer.progress.totals.samples == 0)
  }
}
