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

  /// Three batches of 8 samples.
  private func makeBatches() -> [(x: Tensor, y: Indices)] {
    var generator = MersenneTwister(seed: 4)
    return Array(makeSplit(24).scaled(by: 255).batches(8, from: &generator))
  }

  private func makeLearner(momentum: Float = 0) -> Learner {
    var generator = MersenneTwister(seed: 3)
    return Learner(
      makeModel(&generator), StochasticGradientDescent(learningRate: 0.5, momentum: momentum))
  }

  /// The same batch on a tape of its own.
  private func copy(_ batch: (x: Tensor, y: Indices)) -> (x: Tensor, y: Indices) {
    let tape = Tape()
    let labels = batch.y.withMutableValues { Array($0) }
    return (tape.constant(batch.x.values, shape: batch.x.shape), tape.indices(labels))
  }

  /// The gradient of a batch's mean loss, on a tape that knows no learner.
  private func gradient(_ model: FeedForward, _ batch: (x: Tensor, y: Indices)) -> [Float] {
    let (x, y) = copy(batch)
    model.forward(x, trains: true).outputs.crossEntropy(y).backward()
    return model.network.layout.entries.flatMap { entry in
      x.tape.parameter(in: model.parameters, at: entry.offset, shape: entry.shape).gradient
    }
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
    let batches = makeBatches()
    func change(_ body: (Learner) -> Void) -> [Float] {
      let learner = makeLearner()
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

  /// The same tapes in every epoch, in both orders of the textbooks, against fresh ones.
  @Test(arguments: [true, false], [Float(0), 0.9])
  func aTapeServesManyEpochs(zeroesFirst: Bool, momentum: Float) {
    let batches = makeBatches()
    func train(isFresh: Bool) -> [Float] {
      let learner = makeLearner(momentum: momentum)
      for _ in 1...3 {
        for batch in batches {
          let (x, y) = isFresh ? copy(batch) : batch
          if zeroesFirst { learner.zeroGradients() }
          let loss = learner(x).crossEntropy(y)
          if !zeroesFirst { learner.zeroGradients() }
          loss.backward()
          learner.step()
        }
      }
      return parameters(learner.model)
    }
    #expect(train(isFresh: false) == train(isFresh: true))
  }

  /// One recorded computation that is replayed, against one that is recorded in every step. What
  /// `backward` finds behind a step counts too.
  @Test func aRecordedLossServesManySteps() {
    let batch = makeBatches()[0]
    let (recorded, replayed) = (makeLearner(), makeLearner())
    let loss = replayed(batch.x).crossEntropy(batch.y)
    for _ in 1...4 {
      let (x, y) = copy(batch)
      recorded.zeroGradients()
      recorded(x).crossEntropy(y).backward()
      recorded.step()
      loss.tape.replay()
      replayed.zeroGradients()
      loss.backward()
      replayed.step()
    }
    #expect(parameters(replayed.model) == parameters(recorded.model))
  }

  /// As in PyTorch, a step leaves the gradients as they are, and the next `backward` adds to them,
  /// on whatever tape it runs: each step goes along the sum of all gradients so far.
  @Test func aStepDoesNotZeroTheGradients() {
    let (batches, learner) = (makeBatches(), makeLearner())
    var sum = [Float](repeating: 0, count: learner.model.network.layout.parameterCount)
    for batch in [0, 1, 0, 2] {
      sum = zip(sum, gradient(learner.model, batches[batch])).map { $0 + $1 }
      let expected = zip(parameters(learner.model), sum).map { $0 - 0.5 * $1 }
      learner(batches[batch].x).crossEntropy(batches[batch].y).backward()
      learner.step()
      for (found, expected) in zip(parameters(learner.model), expected) {
        #expect(abs(found - expected) < 1e-5, "batch \(batch): \(found), \(expected)")
      }
    }
  }

  /// A tape that may be gone.
  private struct Seen {
    weak var tape: Tape?
  }

  /// The gradients are the learner's, so a program may let a batch go as soon as it is used.
  @Test func aLearnerKeepsNoTape() {
    let batch = makeBatches()[0]
    func use(_ body: (Tensor, Indices) -> Void) -> Seen {
      let (x, y) = copy(batch)
      body(x, y)
      return Seen(tape: x.tape)
    }
    let (learner, other) = (makeLearner(), makeLearner())
    let before = parameters(learner.model)
    let predicted = use { x, _ in _ = learner.predict(x) }
    #expect(predicted.tape == nil)
    let learnt = use { x, y in learner(x).crossEntropy(y).backward() }
    #expect(learnt.tape == nil)
    learner.step()
    #expect(parameters(learner.model) != before)
    other(batch.x).crossEntropy(batch.y).backward()
    other.step()
    #expect(parameters(learner.model) == parameters(other.model))
  }

  /// Predicting gives what the model gives in training, and no gradient passes through it.
  @Test func predictingLearnsNothing() {
    let (batch, learner) = (makeBatches()[0], makeLearner())
    let before = parameters(learner.model)
    let outputs = learner.predict(batch.x)
    #expect(!outputs.wantsGradient)
    #expect(outputs.values == learner(batch.x).values)
    learner.step()
    #expect(parameters(learner.model) == before)
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
