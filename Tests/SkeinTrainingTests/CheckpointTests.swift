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

  /// Stops training after a number of steps, as a kill would.
  private final class Stopper: TrainingObserver {
    let steps: Int
    init(steps: Int) { self.steps = steps }
    func stepEnded(_ progress: TrainingProgress) -> Bool { progress.step < steps }
    func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) {}
  }

  @Test(arguments: 1...20)
  func resumingInMidEpochGivesTheBitsOfOneRun(steps: Int) throws {
    let split = makeSplit(50)
    let (folder, wholeFolder) = (try temporaryFolder(), try temporaryFolder())
    defer {
      for folder in [folder, wholeFolder] {
        try? FileManager.default.removeItem(atPath: folder.path)
      }
    }
    let options = CheckpointOptions(everyEpochs: nil, everySteps: 3, keep: 2)
    let whole = makeTrainer(split, epochs: 3)
    _ = try whole.run(observers: [
      RunRecorder(wholeFolder, trainer: whole, options: options, epochs: 3)
    ])

    let first = makeTrainer(split, epochs: 3)
    let recorder = RunRecorder(folder, trainer: first, options: options, epochs: 3)
    _ = try first.run(observers: [recorder, Stopper(steps: steps)])
    let second = makeTrainer(split, epochs: 3)
    var best = -1.0
    if let saved = try folder.newestCheckpoint(architecture, warn: { _ in }) {
      second.restore(saved)
      best = saved.bestAccuracy
    }
    try folder.truncateMetrics(after: second.progress.epoch)
    let again = RunRecorder(
      folder, trainer: second, options: options, epochs: 3, bestAccuracy: best)
    _ = try second.run(observers: [again])
    let count = whole.model.parameters.count
    #expect(second.model.parameters[0..<count] == whole.model.parameters[0..<count])
    #expect(try losses(folder) == losses(wholeFolder))
  }

  private func losses(_ folder: RunFolder) throws -> [Double] {
    let text = try String(contentsOfFile: folder.metricsFile, encoding: .utf8)
    return try text.split(separator: "\n").map {
      try JSONDecoder().decode(EpochMetrics.self, from: Data($0.utf8)).trainLoss
    }
  }

  @Test func aDamagedCheckpointFallsBackLoudly() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let trainer = makeTrainer(makeSplit(30), epochs: 4)
    let recorder = RunRecorder(folder, trainer: trainer, options: .init(keep: 2), epochs: 4)
    _ = try trainer.run(observers: [recorder])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.checkpoints).sorted()
    #expect(
      names.filter { $0.hasPrefix("step-") } == [
        "step-000000000012.safetensors", "step-000000000016.safetensors",
      ])
    for file in [folder.last, folder.checkpoint(step: 16)] {
      try AtomicFile.write([UInt8](repeating: 7, count: 40), to: file)
    }
    var warnings: [String] = []
    let found = try folder.newestCheckpoint(architecture, warn: { warnings.append($0) })
    #expect(found?.progress.epoch == 3)
    #expect(warnings.count == 2)
  }

  @Test func aCheckpointOfAnotherModelIsRefused() throws {
    let trainer = makeTrainer(makeSplit(10), epochs: 0)
    let count = trainer.model.parameters.count
    let bytes = Checkpoint(
      progress: trainer.progress, parameters: trainer.model.parameters[0..<count], velocity: nil,
      generator: trainer.generator, bestAccuracy: 0.5
    ).encode(architecture)
    let other = Architecture(inputs: 7, hidden: [5], outputs: 3, activation: .parametricRelu)
    #expect(throws: CheckpointError.self) {
      try Checkpoint(decoding: bytes, file: "a", architecture: other)
    }
    let same = try Checkpoint(decoding: bytes, file: "a", architecture: architecture)
    #expect(same.generator == trainer.generator)
    #expect(same.progress == trainer.progress && same.velocity == nil)
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
