import SkeinData
import SkeinModel
import SkeinRandom
import SkeinWorkers
import Testing

@testable import SkeinAutograd
@testable import SkeinTraining

/// The loop of one's own against the trainer, and its gradients against PyTorch's rules.
@Suite struct LearnerTests {
  private func makeModel(_ generator: inout MersenneTwister) -> FeedForward {
    FeedForward(
      Network(inputs: 7, hidden: [6, 4], outputs: 3, activation: .relu), initializer: .he,
      from: &generator)
  }

  private func parameters(_ model: FeedForward) -> [Float] {
    model.network.layout.entries.flatMap { model.parameters[$0.range] }
  }

  /// The same batches in the same order, so the same parameters but for roundings: the trainer
  /// divides the sum of the gradients, the loop's loss is a mean.
  @Test(arguments: [Float(0), 0.9])
  func theLoopTrainsAsTheTrainerDoes(momentum: Float) throws {
    let split = makeSplit(50)
    let optimizer = StochasticGradientDescent(
      learningRate: 0.1, momentum: momentum, weightDecay: 0.01)
    var (generator, other) = (MersenneTwister(seed: 3), MersenneTwister(seed: 3))
    let learner = Learner(makeModel(&generator), optimizer)
    for _ in 1...3 {
      for (x, y) in split.scaled(by: 255).batches(8, from: &generator) {
        let loss = learner(x).crossEntropy(y)
        learner.zeroGradients()
        loss.backward()
        learner.step()
      }
    }
    let model = makeModel(&other)
    let trainer = Trainer(
      model, loss: .crossEntropy, source: split, scale: 255, optimizer: optimizer,
      options: TrainingOptions(epochs: 3, batchSize: 8), shards: BatchShards(count: 1),
      scheduler: SerialScheduler(), generator: other)
    _ = try trainer.run()
    #expect(learner.steps == 21)
    for (found, expected) in zip(parameters(learner.model), parameters(model)) {
      #expect(abs(found - expected) < 1e-4, "\(found), \(expected)")
    }
  }

  @Test func gradientsAddUpUntilTheyAreZeroed() {
    var generator = MersenneTwister(seed: 3)
    let batches = Array(makeSplit(16).scaled(by: 255).batches(8, from: &generator))
    func change(_ body: (Learner) -> Void) -> [Float] {
      var generator = MersenneTwister(seed: 3)
      let learner = Learner(makeModel(&generator), StochasticGradientDescent(learningRate: 0.5))
      let before = parameters(learner.model)
      body(learner)
      return zip(parameters(learner.model), before).map { $0 - $1 }
    }
    func backward(_ learner: Learner, _ batch: Int) {
      learner(batches[batch].x).crossEntropy(batches[batch].y).backward()
    }
    let first = change {
      backward($0, 0)
      $0.step()
    }
    let second = change {
      backward($0, 1)
      $0.step()
    }
    let both = change {
      backward($0, 0)
      backward($0, 1)
      $0.step()
    }
    let zeroed = change {
      backward($0, 0)
      $0.zeroGradients()
      backward($0, 1)
      $0.step()
    }
    #expect(first != second && first.contains { $0 != 0 })
    for index in both.indices {
      #expect(abs(both[index] - (first[index] + second[index])) < 1e-5)
    }
    #expect(zeroed == second)
  }

  @Test func batchesHaveEverySampleOnce() {
    let split = makeSplit(23)
    var (generator, other) = (MersenneTwister(seed: 5), MersenneTwister(seed: 5))
    let batches = Array(split.batches(5, from: &generator))
    #expect(batches.map(\.x.shape[0]) == [5, 5, 5, 5, 3])
    let order = other.permutation(23)
    let expected = order.flatMap { split.stored(Int($0)) }
    #expect(batches.flatMap(\.x.values) == expected)
    #expect(
      batches.flatMap { $0.y.withMutableValues { Array($0) } }
        == order.map { split.label(at: Int($0)) })
  }
}
