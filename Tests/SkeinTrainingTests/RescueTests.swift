import Foundation
import SkeinData
import SkeinModel
import SkeinRecord
import Testing

@testable import SkeinFiles
@testable import SkeinRun
@testable import SkeinTraining

/// Whatever ends a run between two steps: what was trained is saved, and goes on to the same bits.
@Suite struct RescueTests {
  private struct Failure: Error {}

  /// Fails at one epoch's end, or at one step's.
  private final class Failing: TrainingObserver {
    let epoch: Int?
    let step: Int?

    init(epoch: Int? = nil, step: Int? = nil) { (self.epoch, self.step) = (epoch, step) }

    func stepEnded(_ progress: TrainingProgress) throws {
      if progress.step == step { throw Failure() }
    }

    func epochEnded(_ metrics: EpochMetrics, _ progress: TrainingProgress) throws {
      if metrics.epoch == epoch { throw Failure() }
    }
  }

  private func evaluator(_ model: FeedForward, _ split: Split) -> Evaluator {
    Evaluator(model, loss: .crossEntropy, source: split, scale: 255, workers: 1)
  }

  /// Trains from the newest checkpoint; returns the error, if any, after the rescue.
  private func train(
    _ run: SmallRun, test: Split, everyEpochs: Int, failing: Failing? = nil, isFirst: Bool = false
  ) throws -> (any Error)? {
    let trainer = SmallRun.makeTrainer(makeSplit(50), epochs: 4)
    let saved = try run.folder.newestCheckpoint(SmallRun.network, warn: { _ in })
    try run.folder.rewind(to: saved)
    if let saved { trainer.restore(saved.state) }
    let recorder = CheckpointRecorder(
      run.folder, trainer: trainer, identity: SmallRun.identity,
      options: CheckpointOptions(everyEpochs: everyEpochs), epochs: 4, resumed: saved)
    var observers: [any TrainingObserver] = [recorder]
    if let failing { observers.insert(failing, at: isFirst ? 0 : 1) }
    do {
      _ = try trainer.run(evaluator: evaluator(trainer.model, test), observers: observers)
    } catch {
      #expect(recorder.rescue())
      return error
    }
    try recorder.finish()
    return nil
  }

  private func compare(_ run: SmallRun, _ whole: SmallRun, _ what: String) throws {
    #expect(try run.bytes(run.folder.last) == whole.bytes(whole.folder.last), "\(what)")
    #expect(try run.bytes(run.folder.best) == whole.bytes(whole.folder.best), "\(what)")
    #expect(try run.metrics() == whole.metrics(), "\(what)")
  }

  @Test(arguments: [1, 3], [true, false])
  func anObserverThatFailsCostsNoStep(everyEpochs: Int, isFirst: Bool) throws {
    let test = makeSplit(20, seed: 9)
    let whole = try SmallRun()
    #expect(try train(whole, test: test, everyEpochs: everyEpochs) == nil)
    for failing in [Failing(epoch: 1), Failing(epoch: 2), Failing(epoch: 4), Failing(step: 10)] {
      let run = try SmallRun()
      let what = "epoch \(failing.epoch ?? 0), step \(failing.step ?? 0)"
      let error = try train(
        run, test: test, everyEpochs: everyEpochs, failing: failing, isFirst: isFirst)
      #expect(error is Failure, "\(what)")
      let saved = try RunFolder.load(run.folder.last, SmallRun.network)
      #expect(saved.state.progress.step == failing.step ?? 7 * (failing.epoch ?? 0), "\(what)")
      #expect(try train(run, test: test, everyEpochs: everyEpochs) == nil)
      try compare(run, whole, what)
    }
  }

  @Test func aPoisonedTestSampleCostsNoStep() throws {
    let sound = (0..<(20 * 7)).map { Float($0 % 11) }
    var poisoned = sound
    poisoned[13 * 7 + 2] = .nan
    func split(_ values: [Float]) -> Split {
      Split(
        name: "held out", sampleShape: [7], classCount: 3, samples: values,
        labels: (0..<20).map { Int32($0 % 3) })
    }
    let (run, whole) = (try SmallRun(), try SmallRun())
    let thrown = try train(run, test: split(poisoned), everyEpochs: 1)
    let error = try #require(thrown as? NonFiniteError)
    #expect(error.cause == .sample && error.samples == [13] && error.split == "held out")
    #expect("\(error)".contains("sample 13 of split \"held out\", counted from 0"), "\(error)")
    let saved = try RunFolder.load(run.folder.last, SmallRun.network)
    #expect(
      saved.state.progress.step == 7 && saved.state.progress.batch == 7
        && saved.state.progress.epoch == 0)
    #expect(try train(run, test: split(sound), everyEpochs: 1) == nil)
    #expect(try train(whole, test: split(sound), everyEpochs: 1) == nil)
    try compare(run, whole, "mended")
  }

  /// Numbers that went bad are nothing to go on from: the last sound checkpoint stays.
  @Test func aDivergedTrainerIsNotSaved() throws {
    let run = try SmallRun()
    let trainer = SmallRun.makeTrainer(makeSplit(50), epochs: 2)
    let recorder = CheckpointRecorder(
      run.folder, trainer: trainer, identity: SmallRun.identity, options: .init(), epochs: 2)
    #expect(trainer.isSound)
    let parameters = trainer.model.parameters
    parameters[0..<parameters.count] = [Float](repeating: 3e38, count: parameters.count)
    #expect(throws: NonFiniteError.self) { _ = try trainer.run(observers: [recorder]) }
    #expect(!trainer.isSound && !recorder.rescue())
    #expect(FolderListing.kind(of: run.folder.last) == nil)
  }
}
