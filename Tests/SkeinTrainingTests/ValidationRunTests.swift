import Foundation
import SkeinConfig
import SkeinData
import SkeinModel
import SkeinRecord
import SkeinTestSupport
import SkeinTraining
import SkeinWorkers
import Testing

@testable import SkeinRun

/// Validation, the early stop and the average of weights in whole runs.
@Suite struct ValidationRunTests {
  private let samples = ArrayDataset(
    classes: ["a", "b", "c"], train: makeSplit(50),
    test: Split(
      name: "unseen", sampleShape: [7], classCount: 3,
      samples: (0..<7 * 9).map { UInt8($0) }, labels: (0..<9).map { Int32($0 % 3) }))

  private func job(
    rate: Float = 0.1, validation: Double? = 0.2, average: Float? = nil,
    stop: EarlyStop? = nil, best: BestMetric = .validationAccuracy
  ) -> Job {
    Job(
      name: "small", seed: 7, data: DataOptions(path: "", validation: validation, scale: 255),
      model: ModelOptions(hidden: [6, 4]),
      optimizer: OptimizerOptions(learningRate: rate),
      training: TrainingOptions(epochs: 10, batchSize: 8, average: average, earlyStop: stop),
      parallel: ParallelOptions(threads: .count(2), batchShards: .count(4)),
      checkpoint: CheckpointOptions(everyEpochs: 1, best: best))
  }

  private func metrics(_ folder: String) throws -> [EpochMetrics] {
    try EpochMetrics.read(RunFolder(path: folder))
  }

  /// Raises `stop` in a step.
  private final class StoppingAt: TrainingObserver {
    let stop = StopRequest()
    let step: Int
    init(step: Int) { self.step = step }
    func stepEnded(_ progress: TrainingProgress) { if progress.step == step { stop.raise() } }
  }

  /// Without a learning rate no number becomes better: the first epoch is the best one, and the
  /// patience of 2 ends with the third. Stopping in between changes nothing, and a run that is over
  /// stays so.
  @Test(arguments: [nil, 4, 5, 12, 14])
  func anEarlyStopEndsTheRunForGood(stoppedAt: Int?) throws {
    try TemporaryFolder.with { folder in
      let job = job(rate: 0, stop: EarlyStop(patience: 2))
      let path = "\(folder)/run"
      if let stoppedAt {
        let stopping = StoppingAt(step: stoppedAt)
        let run = try TrainingRun(job, on: samples, in: path)
        #expect(try !run.train(observers: [stopping], stop: stopping.stop))
      }
      for _ in 0..<2 {
        let run = try TrainingRun(job, on: samples, in: path)
        #expect(try run.train())
        // 40 samples are left to train on.
        #expect(run.trainer.progress.step == 15)
        #expect(run.trainer.hasStoppedEarly)
        #expect(run.bestEpoch?.epoch == 1)
        #expect(try metrics(path).map(\.epoch) == [1, 2, 3])
      }
    }
  }

  /// The early stop looks at the validation samples, as the best checkpoint does: the test split
  /// has nothing to say.
  @Test func theBestEpochIsThatOfTheValidationSamples() throws {
    try TemporaryFolder.with { folder in
      let run = try TrainingRun(job(rate: 0.3), on: samples, in: folder)
      try run.train()
      let epochs = try metrics(folder)
      #expect(epochs.allSatisfy { $0.validationLoss != nil && $0.testLoss != nil })
      let best = try #require(
        epochs.max {
          BestMetric.validationAccuracy.score($0) < BestMetric.validationAccuracy.score($1)
        })
      #expect(run.bestEpoch?.epoch == best.epoch)
      #expect(
        try TrainedRun(RunFolder(path: folder)).origin.hasSuffix("(chosen by validation accuracy)"))
    }
  }

  /// The average is what is evaluated and what predicts; training goes on with the weights.
  @Test func theAveragePredicts() throws {
    try TemporaryFolder.with { folder in
      let run = try TrainingRun(job(average: 0.9), on: samples, in: folder)
      try run.train()
      let trainer = run.trainer
      let layout = trainer.model.network.layout
      let weights = Array(trainer.model.parameters[0..<layout.bufferCount])
      let average = Array(trainer.evaluated.parameters[0..<layout.bufferCount])
      #expect(weights != average)
      let trained = try TrainedRun(RunFolder(path: folder), checkpoint: "last")
      #expect(Array(trained.model.parameters[0..<layout.bufferCount]) == average)
      let evaluator = run.prepared.makeEvaluator(
        trained.model, run.prepared.scaled(try #require(run.test)), workers: 1)
      let evaluation = try evaluator.evaluate(SerialScheduler())
      #expect(evaluation.loss == (try metrics(folder).last?.testLoss))
    }
  }

  /// The samples that validate are drawn by the seed, and are not trained on.
  @Test func validationSamplesAreNotTrainedOn() throws {
    let prepared = try PreparedJob(job(), on: samples)
    let holdout = Holdout(of: 50, part: 0.2, seed: 7)
    #expect(holdout.validation.count == 10 && holdout.training.count == 40)
    #expect(Set(holdout.validation).isDisjoint(with: holdout.training))
    #expect(prepared.stepsPerEpoch == 5)
    #expect(Holdout(of: 50, part: 0.2, seed: 8) != holdout)
  }

  @Test(arguments: [0.01, 0.019, 0.999])
  func aCutThatLeavesNothingIsRefused(part: Double) throws {
    let count = Int(50 * part)
    guard count == 0 || count == 50 else {
      // 49 of 50 validate: one is left.
      #expect(try PreparedJob(job(validation: part), on: samples).stepsPerEpoch == 1)
      return
    }
    let error = #expect(throws: JobLimitError.self) {
      try PreparedJob(job(validation: part), on: samples)
    }
    let text = try #require(error).description
    #expect(text.contains("data.validation is \(part), and the training split has 50 samples"))
  }
}
