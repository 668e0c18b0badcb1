import Foundation
import SkeinConfig
import SkeinData
import SkeinModel
import SkeinTestSupport
import SkeinTraining
import SkeinWorkers
import Testing

@testable import SkeinRun

/// A run from a program: it ends in the same bits however often it is stopped, and its folder is
/// one that the command line could have made.
@Suite struct TrainingRunTests {
  private let samples = ArrayDataset(
    classes: ["a", "b", "c"], train: makeSplit(50),
    test: Split(
      name: "unseen", sampleShape: [7], classCount: 3,
      samples: (0..<7 * 9).map { UInt8($0) }, labels: (0..<9).map { Int32($0 % 3) }))

  private func job(threads: Int = 1) -> Job {
    Job(
      name: "small", seed: 7, data: DataOptions(path: "", scale: 255),
      model: ModelOptions(hidden: [6, 4]),
      optimizer: StochasticGradientDescent(learningRate: 0.1, momentum: 0.9),
      training: TrainingOptions(epochs: 3, batchSize: 8),
      parallel: ParallelOptions(threads: .count(threads), batchShards: .count(4)),
      checkpoint: CheckpointOptions(everyEpochs: 1))
  }

  /// Raises `stop` after so many more steps.
  private final class Stopping: TrainingObserver {
    let stop = StopRequest()
    private var left: Int

    init(after steps: Int) { left = steps }

    func stepEnded(_ progress: TrainingProgress) {
      left -= 1
      if left == 0 { stop.raise() }
    }
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// 7 steps an epoch, 21 in all.
  @Test(arguments: [1, 5, 7, 10])
  func aStoppedRunEndsInTheBitsOfOneThatWasNot(steps: Int) throws {
    try TemporaryFolder.with { folder in
      let whole = try TrainingRun(job(), on: samples, in: "\(folder)/whole")
      #expect(whole.isNew)
      #expect(try whole.train())
      #expect(whole.trainer.progress.step == 21)
      var turns = 0
      while true {
        let run = try TrainingRun(
          job(threads: turns % 3 + 1), on: samples, in: "\(folder)/stopped")
        #expect(run.isNew == (turns == 0))
        turns += 1
        let stopping = Stopping(after: steps)
        let isDone = try run.train(observers: [stopping], stop: stopping.stop)
        #expect(run.isSaved)
        if isDone { break }
        #expect(run.trainer.progress.step == turns * steps)
      }
      #expect(turns > 1)
      for file in ["checkpoints/last.safetensors", "checkpoints/best.safetensors"] {
        #expect(
          try bytes("\(folder)/whole/\(file)") == bytes("\(folder)/stopped/\(file)"), "\(file)")
      }
      for name in ["whole", "stopped"] {
        let page = try String(contentsOfFile: "\(folder)/\(name)/report.html", encoding: .utf8)
        #expect(page.contains("small"))
      }
      let trained = try TrainedRun(RunFolder(path: "\(folder)/stopped"), checkpoint: "last")
      let answer = try trained.predictions(for: samples.train.stored(3))[0]
      #expect(["a", "b", "c"].contains(trained.className(of: answer)))
      #expect(abs(answer.scores.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test func aFolderInUseIsRefused() throws {
    try TemporaryFolder.with { folder in
      let run = try TrainingRun(job(), on: samples, in: folder)
      #expect(throws: RunInUseError.self) { try TrainingRun(job(), on: samples, in: folder) }
      withExtendedLifetime(run) {}
    }
  }

  @Test func anotherRunIsNotOverwritten() throws {
    try TemporaryFolder.with { folder in
      try TrainingRun(job(), on: samples, in: folder).train()
      let prepared = try PreparedJob(job(), on: samples)
      #expect(throws: RunFolderError.self) {
        try TrainingRun(prepared, in: RunFolder(path: folder), resumes: false)
      }
    }
  }

  @Test func otherArraysAreAnotherDataset() throws {
    try TemporaryFolder.with { folder in
      let stopping = Stopping(after: 3)
      try TrainingRun(job(), on: samples, in: folder).train(
        observers: [stopping], stop: stopping.stop)
      let other = ArrayDataset(
        classes: samples.classes, train: makeSplit(50, seed: 6), test: samples.test)
      let error = #expect(throws: ChangedRunError.self) {
        try TrainingRun(job(), on: other, in: folder)
      }
      #expect(error?.changes.contains { $0.hasPrefix("dataset:") } == true)
    }
  }
}
