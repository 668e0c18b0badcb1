import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRecord
import Testing

@testable import SkeinKernels
@testable import SkeinTraining
@testable import SkeinWorkers

/// 16 and 64 workers, of whom each has work in both halves of a step, give the bits of one, on
/// every level of the kernels, with every activation, and where nothing divides evenly.
///
/// Each test has a process of its own, because a level is the whole process's.
@Suite(.timeLimit(.minutes(5))) struct ManyWorkersTests {
  @Test(.enabled(if: Kernels.levels.contains("AVX-512"), "the processor has no AVX-512"))
  func trainOnAVX512() async {
    await #expect(processExitsWith: .success) { try check("AVX-512", counts: [2, 16, 64]) }
  }

  @Test(.enabled(if: Kernels.levels.contains("AVX2"), "the processor has no AVX2"))
  func trainOnAVX2() async {
    await #expect(processExitsWith: .success) { try check("AVX2", counts: [2, 16, 64]) }
  }

  @Test(.enabled(if: Kernels.levels.contains("NEON"), "the processor has no NEON"))
  func trainOnNEON() async {
    await #expect(processExitsWith: .success) { try check("NEON", counts: [2, 16, 64]) }
  }

  @Test func trainOnTheBaseline() async {
    await #expect(processExitsWith: .success) { try check("baseline", counts: [64]) }
  }
}

/// A batch of 515 samples is 65 tiles, of which the last one has 3 samples. The last batch of an
/// epoch has 107.
private let batchSize = 515

private func check(_ level: String, counts: [Int]) throws {
  var generator = MersenneTwister(seed: 8)
  let width = 29
  let labels = (0..<batchSize + 107).map { Int32($0 % 3) }
  let samples = labels.flatMap { label in
    (0..<width).map { pixel in
      (pixel % 3 == Int(label) ? 100 : 0) + UInt8(generator.next32() % 128)
    }
  }
  let split = Split(
    name: "many", sampleShape: [width], classCount: 3, samples: samples, labels: labels)
  // The baseline takes a second for each; LevelTrainingTests have all of them there.
  let activations = Activation.all.filter(\.isTrainable).prefix(level == "baseline" ? 1 : .max)
  for activation in activations {
    let best = try train(split, on: Kernels.levels[0], SerialScheduler(), activation)
    #expect(try train(split, on: level, SerialScheduler(), activation) == best, "\(activation)")
    for workers in counts {
      let stopwatch = Stopwatch(try DispatchScheduler(exactly: workers))
      let found = try train(split, on: level, stopwatch, activation)
      #expect(found == best, "\(workers) workers on \(level), \(activation)")
      for phase in [WorkerTimes.forwardBackwardPhase, WorkerTimes.reduceUpdatePhase] {
        let work = try #require(stopwatch.take(phase)).work
        #expect(work.count == workers && work.allSatisfy { $0 > 0 }, "\(phase): \(work)")
      }
    }
  }
}

/// The parameters after two epochs, as bits.
///
/// The parameters are more than 64 blocks, so that each of 64 workers has some. The batch's slices
/// are those of `BatchSlices`: one for each of 64 workers, and eight for two.
private func train(
  _ split: Split, on level: String, _ scheduler: any BatchScheduler, _ activation: Activation
) throws -> [UInt32] {
  #expect(Kernels.use(level) && Kernels.level == level)
  var generator = MersenneTwister(seed: 5)
  let model = FeedForward(
    Network(inputs: 29, hidden: [500, 400], outputs: 3, activation: activation),
    initializer: .he, from: &generator)
  let before = model.parameters[0..<model.parameters.count].map(\.bitPattern)
  let trainer = Trainer(
    model, loss: .crossEntropy, source: split, scale: 255,
    optimizer: .init(learningRate: 0.01, momentum: 0.5, weightDecay: 1e-3),
    options: TrainingOptions(epochs: 2, batchSize: batchSize), shards: BatchShards(count: 16),
    slices: nil, scheduler: scheduler, generator: generator)
  _ = try trainer.run()
  let after = model.parameters[0..<model.parameters.count].map(\.bitPattern)
  #expect(after != before)
  return after
}
