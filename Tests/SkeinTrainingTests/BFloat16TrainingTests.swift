import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRecord
import SkeinTraining
import SkeinWorkers
import Testing

@testable import SkeinKernels

/// Trainings whose products round their operands to bfloat16.
@Suite(.timeLimit(.minutes(5))) struct BFloat16TrainingTests {
  /// Batches of 21 samples, and a last one of 7: some batch shards begin with an odd sample.
  @Test(arguments: [1, 2, 3, 4, 7])
  func anyThreadsAndSlicesGiveTheSameBits(shards: Int) throws {
    let (bits, losses) = try trained(shards: shards, threads: 1, slices: 1)
    #expect(losses.last! < losses[0], "\(losses)")
    for (threads, slices) in [(1, 2), (1, 64), (2, 2), (3, 64), (8, nil), (8, 64)] {
      let (other, _) = try trained(shards: shards, threads: threads, slices: slices)
      #expect(other == bits, "\(threads) threads, \(slices ?? 0) slices")
    }
    // It does round.
    #expect(try trained(shards: shards, threads: 1, slices: 1, bf16: false).bits != bits)
  }

  @Test func everyLevelGivesTheSameBits() async {
    await #expect(processExitsWith: .success) {
      let (bits, losses) = try trained(shards: 4, threads: 2, slices: 3)
      for level in Kernels.bfloat16Levels {
        #expect(Kernels.useBFloat16(level))
        let (other, otherLosses) = try trained(shards: 4, threads: 2, slices: 3)
        #expect(other == bits && losses == otherLosses, "\(level)")
      }
      for level in Kernels.levels {
        #expect(Kernels.use(level))
        let (other, _) = try trained(shards: 4, threads: 2, slices: 3)
        #expect(other == bits, "\(level)")
      }
    }
  }

  /// A run goes on from a state of Floats, whose panels are rounded anew.
  @Test func aTrainingThatGoesOnEndsInTheSameBits() throws {
    let whole = try trainer(shards: 3, threads: 2, slices: 64)
    #expect(try whole.run())
    for step in [1, 4, 9] {
      let (before, after) = (
        try trainer(shards: 3, threads: 1, slices: 1), try trainer(shards: 3, threads: 2, slices: 5)
      )
      let stopping = StoppingAt(step: step)
      #expect(try !before.run(observers: [stopping], stop: stopping.stop))
      after.restore(before.state)
      #expect(try after.run())
      #expect(after.digest == whole.digest)
    }
  }

  /// One step against plain loops over the samples: outputs, dx, dW and db of three layers.
  @Test func aStepIsMadeOfRoundedProducts() throws {
    let (count, widths) = (11, [9, 50, 17, 3])
    var generator = MersenneTwister(seed: 6)
    let model = FeedForward(
      Network(inputs: 9, hidden: [50, 17], outputs: 3, activation: .relu), initializer: .he,
      from: &generator)
    let panels = model.makePanels(areBFloat16: true)
    panels.copy(model.parameters)
    let tape = Tape()
    tape.batchShardStarts = [0, 5]
    let x = tape.batch(samples: count, width: 9)
    let outputs = model.forward(x, trains: true, gradients: nil, panels: panels).outputs
    let program = BatchProgram(tape, loss: outputs)
    let samples = (0..<(9 * count)).map { _ in generator.uniform(-1, 1) }
    x.withMutableValues { _ = $0.update(fromContentsOf: samples) }
    program.forward(0..<count)
    program.backward(0..<count)

    var states = [samples]
    let entries = model.network.layout.entries
    let weights = [0, 2, 4].map { model.parameters[entries[$0].range] }
    let biases = [1, 3, 5].map { model.parameters[entries[$0].range] }
    for layer in 0..<3 {
      let (inputs, units) = (widths[layer], widths[layer + 1])
      states.append(
        (0..<(count * units)).map { i in
          let row = i / units * inputs
          let y = chain(
            states[layer][row..<(row + inputs)],
            weights[layer][(i % units * inputs)..<((i % units + 1) * inputs)],
            biases[layer][i % units])
          return layer < 2 ? max(y, 0) : y
        })
    }
    #expect(outputs.values == states[3])
    var dz = [Float](repeating: 1, count: count * 3)
    for layer in (0..<3).reversed() {
      let (inputs, units) = (widths[layer], widths[layer + 1])
      for samples in [0..<5, 5..<count] {
        let expected = (0..<(units * inputs)).map { i in
          chain(
            samples.map { dz[$0 * units + i / inputs] },
            samples.map { states[layer][$0 * inputs + i % inputs] }, 0)
        }
        let entry = entries[2 * layer]
        let found = FloatBuffer(count: entry.shape.count)
        program.gradients[2 * layer].write(
          ParameterBlock(start: entry.offset, shape: entry.shape), of: samples, into: found)
        #expect(found[0..<found.count] == expected, "layer \(layer), \(samples)")
      }
      dz = (0..<(count * inputs)).map { i in
        let row = i / inputs * units
        let dx = chain(
          dz[row..<(row + units)], (0..<units).map { weights[layer][$0 * inputs + i % inputs] }, 0)
        return states[layer][i] > 0 ? dx : 0
      }
    }
  }
}

/// c = fma(a[k], b[k], c) over operands rounded to bfloat16; numbers are not small enough to be
/// flushed.
private func chain(_ a: some Sequence<Float>, _ b: some Sequence<Float>, _ start: Float) -> Float {
  func rounded(_ x: Float) -> Float {
    Float(bitPattern: (x.bitPattern + 0x7FFF + x.bitPattern >> 16 & 1) & 0xFFFF_0000)
  }
  return zip(a, b).reduce(start) { $0.addingProduct(rounded($1.0), rounded($1.1)) }
}

/// The parameters' bits and each epoch's loss after training on 70 samples.
private func trained(
  shards: Int, threads: Int, slices: Int?, bf16: Bool = true
) throws -> (bits: [UInt32], losses: [Double]) {
  let trainer = try trainer(shards: shards, threads: threads, slices: slices, bf16: bf16)
  let losses = EpochLosses()
  _ = try trainer.run(observers: [losses])
  let parameters = trainer.model.parameters
  return (parameters[0..<parameters.count].map(\.bitPattern), losses.values)
}

private func trainer(
  shards: Int, threads: Int, slices: Int?, bf16: Bool = true
) throws -> Trainer {
  var generator = MersenneTwister(seed: 5)
  let model = FeedForward(
    Network(inputs: 7, hidden: [131, 33], outputs: 3, activation: .relu), initializer: .he,
    from: &generator)
  return Trainer(
    model, loss: .crossEntropy, source: makeSplit(70), scale: 255,
    optimizer: .init(learningRate: 0.02, momentum: 0.5, weightDecay: 1e-3),
    options: TrainingOptions(epochs: 3, batchSize: 21, bf16: bf16),
    shards: BatchShards(count: shards), slices: slices,
    scheduler: try DispatchScheduler(exactly: threads), generator: generator)
}

private final class EpochLosses: TrainingObserver {
  var values: [Double] = []

  func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {
    values.append(metrics.trainLoss)
  }
}
