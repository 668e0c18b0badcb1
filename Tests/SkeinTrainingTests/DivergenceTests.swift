import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinRecord
import Testing

@testable import SkeinRun
@testable import SkeinTraining
@testable import SkeinWorkers

/// A training that ends with 0 and has learnt nothing says so.
@Suite struct DivergenceTests {
  private final class Texts {
    var all: [String] = []
  }

  private final class Lines: TrainingObserver {
    var all: [EpochMetrics] = []
    func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) { all.append(metrics) }
  }

  private func makeTrainer(
    _ split: Split, rate: Float = 0.1, activation: Activation = .relu,
    prepare: (FeedForward) -> Void = { _ in }
  ) throws -> Trainer {
    var generator = MersenneTwister(seed: 3)
    let network = Network(
      inputs: 7, hidden: [6, 4], outputs: 3, activation: activation)
    let model = FeedForward(network, initializer: .he, from: &generator)
    prepare(model)
    return Trainer(
      model, loss: .crossEntropy, source: split, scale: 255, optimizer: .init(learningRate: rate),
      options: TrainingOptions(epochs: 3, batchSize: 8), shards: BatchShards(count: 4),
      scheduler: try DispatchScheduler(exactly: 1), generator: generator)
  }

  /// Trains; the lines of metrics, and what was told.
  private func train(
    _ trainer: Trainer, _ split: Split, rate: Float = 0.1
  ) throws -> (lines: [EpochMetrics], told: [String]) {
    let (texts, lines) = (Texts(), Lines())
    let watch = try DivergenceWatch(
      trainer.model, Classification(.crossEntropy, classes: split.classCount),
      source: split.scaled(by: 255), learningRate: rate,
      hint: "the hint"
    ) { texts.all.append($0) }
    _ = try trainer.run(observers: [lines, watch])
    return (lines.all, texts.all)
  }

  private func set(_ value: Float, _ name: String, of model: FeedForward) {
    for entry in model.network.layout.entries where entry.name == name {
      model.parameters[entry.range] = [Float](repeating: value, count: entry.range.count)
    }
  }

  @Test func aTrainingThatLearnsSaysNothing() throws {
    let split = makeSplit(200)
    let (lines, told) = try train(makeTrainer(split), split)
    #expect(told.isEmpty && lines.count == 3 && lines.allSatisfy { $0.warnings == nil })
    #expect(try !lines[0].line().contains("warnings"))
  }

  @Test(arguments: ["layers.0.bias", "layers.1.bias"])
  func aDeadLayerIsToldOnceAndWrittenEachTime(bias: String) throws {
    let split = makeSplit(200)
    let trainer = try makeTrainer(split) { set(-1e6, bias, of: $0) }
    let (lines, told) = try train(trainer, split)
    let layer =
      bias == "layers.0.bias" ? "all 6 units of hidden layer 1" : "all 4 units of hidden layer 2"
    #expect(told.count == 1 && told[0].hasPrefix("epoch 1: \(layer) are dead"), "\(told)")
    #expect(told[0].hasSuffix("; the hint"))
    for line in lines {
      #expect(line.warnings?.count == 1 && line.warnings?[0].hasPrefix(layer) == true)
    }
  }

  @Test func aLossFarAboveIgnoranceIsTold() throws {
    let split = makeSplit(200)
    let trainer = try makeTrainer(split, rate: 1e-30, activation: .leakyRelu()) {
      set(1e6, "layers.1.weight", of: $0)
    }
    let (lines, told) = try train(trainer, split, rate: 1e-30)
    #expect(told.count == 1 && told[0].contains("training diverges"), "\(told)")
    #expect(told[0].contains("1.09861") && told[0].contains("1e-30"), "\(told)")
    #expect(lines.allSatisfy { $0.warnings?.count == 1 })
  }

  /// The samples that it looks through have all classes, though those take turns in the split.
  @Test(arguments: [3, 4, 5, 8, 16])
  func classesThatTakeTurnsAreAllSeen(classes: Int) throws {
    let count = 1024
    let split = Split(
      name: "turns", sampleShape: [7], classCount: classes,
      samples: (0..<(7 * count)).map { Float($0 % 13) },
      labels: (0..<count).map { Int32($0 % classes) })
    var generator = MersenneTwister(seed: 1)
    for hopeless in 0..<classes {
      let model = FeedForward(
        Network(inputs: 7, hidden: [6], outputs: classes, activation: .tanh),
        initializer: .he, from: &generator)
      for entry in model.network.layout.entries where entry.name == "layers.1.bias" {
        let place = entry.range.lowerBound + hopeless
        model.parameters[place..<place + 1] = [-1e6]
      }
      let watch = try DivergenceWatch(
        model, Classification(.crossEntropy, classes: split.classCount),
        source: split.scaled(by: 1), learningRate: 0.1, hint: nil
      ) { _ in }
      let metrics = EpochMetrics(
        epoch: 1, step: 1, trainLoss: 1e6, trainAccuracy: 0, samplesPerSecond: 1, seconds: 1,
        threads: 1)
      #expect(watch.warnings(metrics).contains { $0.contains("diverges") }, "class \(hopeless)")
    }
  }

  /// Where all samples are one, units that give one value are no sign.
  @Test func equalSamplesTellNothingOfUnits() throws {
    let split = Split(
      name: "equal", sampleShape: [7], classCount: 3,
      samples: [Float](repeating: 3, count: 7 * 40), labels: (0..<40).map { Int32($0 % 3) })
    let (_, told) = try train(makeTrainer(split), split)
    #expect(told.isEmpty)
  }

  /// From the second epoch on: the first one may begin badly.
  @Test func aNetworkThatLearnsNothingIsTold() throws {
    let split = makeSplit(200)
    let trainer = try makeTrainer(split, rate: 1e-30, activation: .sigmoid)
    let (lines, told) = try train(trainer, split, rate: 1e-30)
    #expect(told.count == 1 && told[0].hasPrefix("epoch 2: the loss is no better"), "\(told)")
    #expect(lines.map { $0.warnings?.count } == [nil, 1, 1])
  }

  @Test func theWatchChangesNoBit() throws {
    let split = makeSplit(200)
    let (plain, watched) = (try makeTrainer(split), try makeTrainer(split))
    _ = try plain.run()
    _ = try train(watched, split)
    let count = plain.model.parameters.count
    #expect(plain.model.parameters[0..<count] == watched.model.parameters[0..<count])
  }

  @Test(
    arguments: [
      (2.0, 2.0, false), (6.0, 2.0, false), (2.0, 6.0, false), (6.0, 6.0, true),
      (1e16, .infinity, true), (.infinity, .nan, true), (3.0, 3.0, false),
    ] as [(Double, Float, Bool)])
  func bothLossesMustBeFar(trained: Double, now: Float, isFar: Bool) {
    #expect(Divergence.isFar(trained: trained, now: now, ignorance: 1) == isFar)
  }

  @Test(arguments: Loss.allCases.filter { $0.fits(.classes(2)) })
  func ignoranceIsTheLossOfOutputsOfZero(loss: Loss) {
    for classes in [1, 2, 10, 1000] {
      let tape = Tape()
      let logits = tape.constant([Float](repeating: 0, count: classes), shape: [1, classes])
      let value = loss.ofRows(logits, tape.indices([Int32(classes - 1)])).item
      let objective = Classification(loss, classes: classes)
      #expect(abs(value - objective.lossOfIgnorance) < 1e-5 * max(1, value))
    }
  }
}
