import Foundation
import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRandom
import Testing

@testable import SkeinTraining

@Suite struct CheckpointTests {
  private let architecture = Architecture(
    inputs: 7, hidden: [4], outputs: 3, activation: .parametricRelu)

  private func makeTrainer(_ split: Split, epochs: Int) -> Trainer<Split, SerialScheduler> {
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(architecture, initializer: .he, from: &generator)
    return Trainer(
      model, loss: .crossEntropy, source: split, scale: 255,
      optimizer: .init(learningRate: 0.1, momentum: 0.9),
      options: TrainingOptions(epochs: epochs, batchSize: 8), shards: BatchShards(count: 2),
      scheduler: SerialScheduler(), generator: generator)
  }

  private func temporaryFolder() throws -> RunFolder {
    let path = FileManager.default.temporaryDirectory.path + "/skein-\(UUID().uuidString)"
    let folder = RunFolder(path: path)
    try folder.create(job: "name: test\n")
    return folder
  }

  @Test func resumingGivesTheBitsOfOneRun() throws {
    let split = makeSplit(50)
    let whole = makeTrainer(split, epochs: 5)
    _ = try whole.run()
    let expected = whole.model.parameters[0..<whole.model.parameters.count]
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let first = makeTrainer(split, epochs: 2)
    let recorder = RunRecorder(folder, trainer: first, options: .init(), epochs: 2)
    _ = try first.run(observers: [recorder])

    let second = makeTrainer(split, epochs: 5)
    let saved = try #require(try folder.newestCheckpoint(architecture, warn: { _ in }))
    second.restore(saved)
    #expect(second.progress.epoch == 2)
    _ = try second.run()
    #expect(second.model.parameters[0..<second.model.parameters.count] == expected)
  }

  @Test func aDamagedCheckpointFallsBackLoudly() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let trainer = makeTrainer(makeSplit(30), epochs: 4)
    let recorder = RunRecorder(folder, trainer: trainer, options: .init(keep: 2), epochs: 4)
    _ = try trainer.run(observers: [recorder])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.checkpoints).sorted()
    #expect(
      names.filter { $0.hasPrefix("epoch-") } == [
        "epoch-000003.safetensors", "epoch-000004.safetensors",
      ])
    for file in [folder.last, folder.checkpoint(epoch: 4)] {
      try AtomicFile.write([UInt8](repeating: 7, count: 40), to: file)
    }
    var warnings: [String] = []
    let found = try folder.newestCheckpoint(architecture, warn: { warnings.append($0) })
    #expect(found?.epoch == 3)
    #expect(warnings.count == 2)
  }

  @Test func aCheckpointOfAnotherModelIsRefused() throws {
    let trainer = makeTrainer(makeSplit(10), epochs: 0)
    let count = trainer.model.parameters.count
    let bytes = Checkpoint(
      epoch: 1, step: 2, parameters: trainer.model.parameters[0..<count], velocity: nil,
      generator: trainer.generator, bestAccuracy: 0.5
    ).encode(architecture)
    let other = Architecture(inputs: 7, hidden: [5], outputs: 3, activation: .parametricRelu)
    #expect(throws: CheckpointError.self) {
      try Checkpoint(decoding: bytes, file: "a", architecture: other)
    }
    let same = try Checkpoint(decoding: bytes, file: "a", architecture: architecture)
    #expect(same.generator == trainer.generator)
    #expect(same.epoch == 1 && same.step == 2 && same.velocity == nil)
  }

  @Test func aRateTooLargeStopsWithWhereItHappened() throws {
    let split = makeSplit(40)
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(architecture, initializer: .he, from: &generator)
    let trainer = Trainer(
      model, loss: .crossEntropy, source: split, scale: 1,
      optimizer: .init(learningRate: 1e30), options: TrainingOptions(epochs: 5, batchSize: 8),
      shards: BatchShards(count: 2), scheduler: SerialScheduler(), generator: generator)
    let error = try #require(throws: NonFiniteError.self) { _ = try trainer.run() }
    #expect(error.epoch == 1)
    #expect(error.learningRate == 1e30)
    #expect(!error.samples.isEmpty)
  }
}
