import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRecord
import Synchronization
import Testing

@testable import SkeinFiles
@testable import SkeinTraining
@testable import SkeinWorkers

/// The same bits for any thread count: the promise that everything else stands on.
@Suite(.timeLimit(.minutes(10))) struct ParallelStepTests {
  /// Layers of more than 64 neurons, so that both phases have more items than there are threads.
  private static let hidden = [70, 65, 9]

  @Test(arguments: [1, 2, 3, 4, 8])
  func theUpdateHasMoreItemsThanThreads(shards: Int) {
    let network = Network(inputs: 7, hidden: Self.hidden, outputs: 3, activation: .tanh)
    let partition = ParameterPartition(
      network.layout, sums: shards, leastElements: itemElements)
    #expect(partition.items.count > 8)
  }

  /// The blocks of 784-256-128-10, in four sums: each of 16 workers has as many as another, or one
  /// more, and for up to 4 workers blocks are as large as the cache allows.
  @Test func blocksFollowTheWorkers() {
    let network = Network(inputs: 784, hidden: [256, 128], outputs: 10, activation: .relu)
    func items(_ workers: Int) -> ParameterPartition {
      ParameterPartition(network.layout, sums: 4, workers: workers)
    }
    #expect([1, 2, 4].allSatisfy { items($0).items == items(1).items })
    #expect(items(1).items.count == 21)
    for workers in [8, 16] {
      let partition = items(workers)
      #expect(partition.items.count >= 4 * workers, "\(partition.items.count)")
      let elements = partition.items.map { partition.blocks[$0].reduce(0) { $0 + $1.block.count } }
      #expect(elements.reduce(0, +) == network.layout.parameterCount)
      #expect(elements.max() ?? 0 < 2 * network.layout.parameterCount / (4 * workers))
    }
    // No smaller than 64 rows and 48 columns.
    #expect(items(64).items == items(32).items)
  }

  @Test(arguments: Array(1...17) + [24, 40, 53])
  func everyThreadCountGivesTheSerialBits(batchSize: Int) throws {
    let split = makeSplit(53)
    for shards in [1, 2, 3, 4, 8] {
      let serial = try train(
        split, scheduler: SerialScheduler(), shards: shards, batchSize: batchSize,
        hidden: Self.hidden)
      for threads in [1, 2, 3, 5, 8] {
        // Whoever does an item: every worker its own, or some those of others.
        for steals in [false, true] {
          let parallel = try train(
            split, scheduler: DispatchScheduler(exactly: threads, steals: steals), shards: shards,
            batchSize: batchSize, hidden: Self.hidden)
          #expect(
            parallel == serial, "\(threads) threads, \(shards) shards, batches of \(batchSize)")
        }
      }
    }
  }

  /// Slices of every number, evenly cut and not, on one thread and on several.
  @Test(arguments: [1, 8, 16, 23, 48, 53])
  func everyCutGivesTheSameBits(batchSize: Int) throws {
    let split = makeSplit(53)
    for shards in [1, 3, 4] {
      let whole = try train(
        split, scheduler: SerialScheduler(), shards: shards, batchSize: batchSize,
        hidden: Self.hidden, slices: 1)
      for slices in 2...8 {
        for threads in [1, 3] {
          let cut = try train(
            split, scheduler: DispatchScheduler(threads: threads), shards: shards,
            batchSize: batchSize, hidden: Self.hidden, slices: slices)
          #expect(cut == whole, "\(slices) slices, \(shards) shards, batches of \(batchSize)")
        }
      }
    }
  }

  /// Layers so wide, and batches so large, that weights' gradients are computed from copies in
  /// panels, which every slice writes for its own samples.
  @Test(arguments: [1, 3, 4])
  func wideLayersHaveTheSameBits(shards: Int) throws {
    let split = makeSplit(153)
    func bits(_ scheduler: any BatchScheduler, slices: Int) throws -> [UInt32] {
      try train(
        split, scheduler: scheduler, shards: shards, batchSize: 83, hidden: [1030, 70],
        slices: slices)
    }
    let whole = try bits(SerialScheduler(), slices: 1)
    for slices in [2, 5, 11] {
      for threads in [1, 3] {
        let cut = try bits(DispatchScheduler(exactly: threads), slices: slices)
        #expect(cut == whole, "\(slices) slices, \(threads) threads")
      }
    }
  }

  @Test func slicesAreWholeTilesInTheirOrder() {
    for samples in 1...70 {
      for count in 1...20 {
        let slices = BatchSlices(count, of: samples)
        let ranges = (0..<slices.count).map { slices.range($0) }
        #expect(slices.count == min(count, (samples + 7) / 8))
        #expect(ranges.flatMap { Array($0) } == Array(0..<samples))
        #expect(ranges.allSatisfy { !$0.isEmpty && $0.lowerBound % 8 == 0 })
        let tiles = ranges.map { ($0.count + 7) / 8 }
        #expect((tiles.max() ?? 0) - (tiles.min() ?? 0) <= 1)
      }
    }
  }

  /// Small work stays on one worker, and large batches have slices to hand on.
  @Test func slicesFollowWorkersAndWork() {
    #expect(BatchSlices(for: 8, of: 20, work: 1300).count == 1)
    #expect(BatchSlices(for: 1, of: 1024, work: 1e7).count == 1)
    #expect(BatchSlices(for: 2, of: 128, work: 5e5).count == 2)
    #expect(BatchSlices(for: 16, of: 128, work: 5e5).count == 16)
    #expect(BatchSlices(for: 64, of: 128, work: 5e5).count == 16)
    #expect(BatchSlices(for: 2, of: 1024, work: 1e7).count == 8)
    #expect(BatchSlices(for: 16, of: 1024, work: 1e7).count == 16)
    #expect(BatchSlices.workers(for: 20, work: .infinity) == 1_000_000)
  }

  /// A network that mixes samples is not cut, and learns all the same.
  private struct Centred: Layer {
    let operation = "x − mean"
    let isNumbered = false
    func output(for input: Shape) -> Shape { input }
    func record(_ x: Tensor, _ parameters: [Tensor]) -> Tensor { x - x.mean(axis: 0) }
  }

  @Test(arguments: [1, 3])
  func whatMixesSamplesIsNotCut(threads: Int) throws {
    let split = makeSplit(48)
    func train(_ scheduler: any BatchScheduler) throws -> TrainingDigest {
      var generator = MersenneTwister(seed: 3)
      let network = Network(
        [Dense(outputs: 9), Activation.tanh, Centred(), Dense(outputs: 3)], input: [7])
      let model = FeedForward(network, initializer: .lecture, from: &generator)
      let trainer = Trainer(
        model, loss: .crossEntropy, source: split, scale: 255, optimizer: .init(learningRate: 0.1),
        options: TrainingOptions(epochs: 3, batchSize: 24), shards: BatchShards(count: 4),
        scheduler: scheduler, generator: generator)
      let before = trainer.digest
      _ = try trainer.run()
      #expect(trainer.digest != before)
      return trainer.digest
    }
    #expect(try train(DispatchScheduler(threads: threads)) == train(SerialScheduler()))
  }

  @Test(arguments: Activation.all.filter(\.isTrainable))
  func everyActivationGivesTheSerialBits(activation: Activation) throws {
    let split = makeSplit(41)
    for loss in Loss.allCases where loss.fits(.classes(3)) {
      let serial = try train(
        split, scheduler: SerialScheduler(), shards: 4, batchSize: 16, activation: activation,
        loss: loss)
      let parallel = try train(
        split, scheduler: DispatchScheduler(exactly: 3), shards: 4, batchSize: 16,
        activation: activation, loss: loss)
      #expect(parallel == serial, "\(activation), \(loss)")
    }
  }

  /// Sums of other batch shards round differently, so equal bits above are no accident of a dead
  /// network.
  @Test func otherBatchShardsGiveOtherBits() throws {
    let split = makeSplit(53)
    let one = try train(split, scheduler: SerialScheduler(), shards: 1, batchSize: 16)
    let four = try train(split, scheduler: SerialScheduler(), shards: 4, batchSize: 16)
    #expect(one != four)
    for (a, b) in zip(one, four) {
      let (a, b) = (Float(bitPattern: a), Float(bitPattern: b))
      #expect(abs(a - b) <= 1e-4 * max(1, abs(a)))
    }
  }

  /// A source that remembers what it is asked for.
  private final class Remembering: SourceWrapper {
    let base: any SampleSource
    let used = Mutex<[Int32]>([])
    let announced = Mutex<[Int32]>([])

    init(_ base: any SampleSource) { self.base = base }

    func read(_ rows: BatchRows, into memory: BatchMemory) throws {
      used.withLock { $0 += rows.numbers }
      announced.withLock { $0 += rows.next }
      try base.read(rows, into: memory)
    }
  }

  /// Each row is announced once before it is used, but for those of an epoch's first batch.
  @Test(arguments: [1, 2, 7, 23, 40])
  func theNextBatchIsAnnounced(batchSize: Int) throws {
    let source = Remembering(makeSplit(23))
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(
      Network(inputs: 7, hidden: [4], outputs: 3, activation: .relu), initializer: .he,
      from: &generator)
    let trainer = Trainer(
      model, loss: .crossEntropy, source: source, scale: 255, optimizer: .init(),
      options: TrainingOptions(epochs: 1, batchSize: batchSize), shards: BatchShards(count: 4),
      scheduler: SerialScheduler(), generator: generator)
    _ = try trainer.run()
    let used = source.used.withLock { $0 }
    #expect(used.count == 23)
    #expect(source.announced.withLock { $0 } == Array(used.dropFirst(batchSize)))
  }

  /// Counts steps, and the samples of each epoch.
  private final class Counting: TrainingObserver {
    var steps = 0
    var samples: [Int] = []

    func stepEnded(_ progress: TrainingProgress) {
      steps += 1
      if progress.batch == progress.batches { samples.append(progress.totals.samples) }
    }
  }

  /// Dropping takes the last rows of the epoch's order away, and nothing else.
  @Test(arguments: [(20, 2, 40), (48, 1, 48), (16, 3, 48), (47, 1, 47), (1, 48, 48)])
  func theLastBatchCanBeDropped(batchSize: Int, steps: Int, samples: Int) throws {
    var rows: [[Int32]] = []
    for dropLast in [false, true] {
      let source = Remembering(makeSplit(48))
      var generator = MersenneTwister(seed: 3)
      let model = FeedForward(
        Network(inputs: 7, hidden: [4], outputs: 3, activation: .relu), initializer: .he,
        from: &generator)
      let trainer = Trainer(
        model, loss: .crossEntropy, source: source, scale: 255, optimizer: .init(),
        options: TrainingOptions(epochs: 1, batchSize: batchSize, dropLast: dropLast),
        shards: BatchShards(count: 2), scheduler: SerialScheduler(), generator: generator)
      let counting = Counting()
      #expect(try trainer.run(observers: [counting]))
      rows.append(source.used.withLock { $0 })
      #expect(counting.samples == [dropLast ? samples : 48])
      #expect(counting.steps == (dropLast ? steps : (48 + batchSize - 1) / batchSize))
    }
    #expect(rows[1] == Array(rows[0].prefix(samples)))
    #expect(rows[0].sorted() == Array(0..<48))
  }
}
