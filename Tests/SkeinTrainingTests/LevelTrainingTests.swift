import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRecord
import SkeinTraining
import SkeinWorkers
import Testing

@testable import SkeinKernels

/// A network trains on every level of the kernels that this processor has. Each test has a process
/// of its own, because a level is the whole process's; a level that is missing shows as skipped.
@Suite(.timeLimit(.minutes(5))) struct LevelTrainingTests {
  @Test(.enabled(if: Kernels.levels.contains("AVX-512"), "the processor has no AVX-512"))
  func trainsOnAVX512() async {
    await #expect(processExitsWith: .success) { try check("AVX-512") }
  }

  @Test(.enabled(if: Kernels.levels.contains("AVX2"), "the processor has no AVX2"))
  func trainsOnAVX2() async {
    await #expect(processExitsWith: .success) { try check("AVX2") }
  }

  @Test(.enabled(if: Kernels.levels.contains("NEON"), "the processor has no NEON"))
  func trainsOnNEON() async {
    await #expect(processExitsWith: .success) { try check("NEON") }
  }

  @Test func trainsOnTheBaseline() async {
    await #expect(processExitsWith: .success) { try check("baseline") }
  }

  @Test func aLevelThatIsMissingIsNotTaken() {
    let before = Kernels.level
    #expect(!Kernels.use("SVE9") && Kernels.level == before)
    #expect(Kernels.levels.first == before && Kernels.levels.last == "baseline")
  }
}

/// Any thread count and any level give the same bits, with every activation and loss, and where a
/// batch cannot be cut evenly.
private func check(_ level: String) throws {
  let ofClasses = Loss.allCases.filter { $0.fits(.classes(3)) }
  let ofValues = Loss.allCases.filter { $0.fits(.values(3)) }
  let cases =
    zip(Activation.all.filter(\.isTrainable), ofClasses + ofClasses + ofClasses)
    .map { ($0, $1, false) } + zip([.relu, .tanh, .gelu], ofValues).map { ($0, $1, true) }
  for (activation, loss, areValues) in cases {
    let (losses, bits) = try train(on: level, threads: 1, activation, loss, areValues)
    #expect(losses.last! < losses[0], "\(losses)")
    for threads in [2, 3, 8] {
      let (_, found) = try train(on: level, threads: threads, activation, loss, areValues)
      #expect(found == bits, "\(threads) threads on \(level), \(activation)")
    }
    for other in Kernels.levels where other != level {
      let (found, otherBits) = try train(on: other, threads: 2, activation, loss, areValues)
      #expect(otherBits == bits && found == losses, "\(level) and \(other), \(activation)")
    }
  }
}

/// The training loss of each epoch and the parameters at the end.
///
/// Layers are wide enough for whole vectors, remainders, and panels for the forward pass, and with
/// relu for the backward pass, for several blocks of k, and for copies that weights' gradients are
/// computed from. The last batch of an epoch is smaller than the others.
private func train(
  on level: String, threads: Int, _ activation: Activation, _ loss: Loss, _ areValues: Bool
) throws -> (losses: [Double], bits: [UInt32]) {
  #expect(Kernels.use(level) && Kernels.level == level)
  let width = 261
  var generator = MersenneTwister(seed: 5)
  var samples: [UInt8] = []
  let labels = (0..<70).map { Int32($0 % 3) }
  for label in labels {
    for pixel in 0..<width {
      samples.append((pixel % 3 == Int(label) ? 100 : 0) + UInt8(generator.next32() % 128))
    }
  }
  let classes = Split(
    name: "wide", sampleShape: [width], classCount: 3, samples: samples, labels: labels)
  let values = Split(
    name: "wide", sampleShape: [width], samples: samples,
    values: labels.enumerated().flatMap { [Float($1) * 3 - 1, Float($0 % 7), Float($1 * $1)] },
    targets: ValueTargets(names: ["a", "b", "c"], mean: [2, 3, 1.7], deviation: [2.4, 2, 1.7]))
  let split = areValues ? values : classes
  let model = FeedForward(
    Network(
      inputs: width, hidden: activation == .relu ? [1030, 9] : [70, 33], outputs: 3,
      activation: activation),
    initializer: .he, from: &generator)
  let trainer = Trainer(
    model, loss: loss, source: split, scale: 255,
    optimizer: .init(learningRate: 0.01, momentum: 0.5, weightDecay: 1e-3),
    options: TrainingOptions(epochs: 2, batchSize: activation == .relu ? 65 : 16),
    shards: BatchShards(count: 4),
    scheduler: try DispatchScheduler(exactly: threads), generator: generator)
  let losses = Losses()
  _ = try trainer.run(observers: [losses])
  return (losses.values, model.parameters[0..<model.parameters.count].map(\.bitPattern))
}

private final class Losses: TrainingObserver {
  var values: [Double] = []

  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
    values.append(metrics.trainLoss)
  }
}
