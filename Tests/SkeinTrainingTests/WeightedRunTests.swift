import Foundation
import SkeinConfig
import SkeinData
import SkeinModel
import SkeinRecord
import SkeinTestSupport
import Testing

@testable import SkeinRun
@testable import SkeinTraining
@testable import SkeinWorkers

/// Class weights and sample weights of a run: what they mean, what is refused, and that a run that
/// was stopped goes on with them.
@Suite struct WeightedRunTests {
  /// 40 samples of three classes, of which the last occurs least.
  private static func split(_ name: String, weights: [Float]? = nil) -> Split {
    let labels = (0..<40).map { Int32($0 % 8 == 7 ? 2 : $0 % 2) }
    let samples = (0..<160).map { (index: Int) -> UInt8 in
      UInt8((index * 37 + Int(labels[index / 4]) * 60) % 256)
    }
    return Split(
      name: name, sampleShape: [4], classCount: 3, samples: samples,
      labels: labels, weights: weights)
  }

  private func job(
    _ loss: LossOptions?, validation: Double? = nil, epochs: Int = 2
  ) -> Job {
    Job(
      name: "weighted", seed: 3,
      data: DataOptions(path: "", validation: validation, scale: 255),
      model: ModelOptions(hidden: [6]), loss: loss,
      optimizer: OptimizerOptions(learningRate: 0.1),
      training: TrainingOptions(epochs: epochs, batchSize: 9),
      parallel: ParallelOptions(threads: .count(1), batchShards: .count(2)),
      checkpoint: CheckpointOptions(everyEpochs: 1))
  }

  private func weights(
    _ given: LossOptions.ClassWeights, validation: Double? = nil,
    of data: ArrayDataset = ArrayDataset(classes: ["x", "y", "rare"], train: split("train"))
  ) throws -> [Float]? {
    let job = job(LossOptions(.crossEntropy, classWeights: given), validation: validation)
    return try PreparedJob(job, on: data).objective.classWeights
  }

  @Test func classWeightsAreResolved() throws {
    // 20, 15 and 5 of 40.
    #expect(try weights(.balanced) == [40.0 / 60, 40.0 / 45, 40.0 / 15].map { Float($0) })
    #expect(try weights(.named(["rare": 4])) == [1, 1, 4])
    #expect(try weights(.each([1, 0, 2])) == [1, 0, 2])
    // Of the samples that are trained on.
    let holdout = Holdout(of: 40, part: 0.25, seed: 3)
    let split = Self.split("train")
    let counts = (0..<3).map { label in
      holdout.training.count { split.label(at: Int($0)) == Int32(label) }
    }
    #expect(
      try weights(.balanced, validation: 0.25) == counts.map { Float(30 / (3 * Double($0))) })
  }

  @Test func aJobFileGetsNumbers() throws {
    let data = ArrayDataset(train: Self.split("train"))
    let prepared = try PreparedJob(
      job(LossOptions(.crossEntropy, classWeights: .balanced)), on: data)
    #expect(prepared.job.yaml.contains("classWeights: [0.6666667, 0.8888889, 2.6666667]"))
  }

  @Test func weightsThatFitNoClassesAreRefused() throws {
    func refused(_ loss: LossOptions, _ data: ArrayDataset) -> String {
      do {
        _ = try PreparedJob(job(loss), on: data)
        return ""
      } catch let error as JobTargetError {
        #expect(error.exitCode == 2)
        return error.description
      } catch {
        return "\(error)"
      }
    }
    let data = ArrayDataset(
      name: "things", classes: ["apple", "pear", "rare"], train: Self.split("train"))
    let unknown = LossOptions(.crossEntropy, classWeights: .named(["aple": 2]))
    #expect(
      refused(unknown, data)
        == "loss: classWeights name 'aple', which is no class of things: did you mean 'apple'?")
    let strange = LossOptions(.crossEntropy, classWeights: .named(["zebra": 2]))
    #expect(refused(strange, data).hasSuffix("its 3 classes are apple, pear, rare"))
    let short = LossOptions(.crossEntropy, classWeights: .each([1, 2]))
    #expect(refused(short, data).contains("2 class weights, and things has 3 classes"))
    let values = ArrayDataset(
      targets: ValueTargets(names: ["sum", "product"]), train: makeValueSplit(20, name: "train"))
    for weights: LossOptions.ClassWeights in [.balanced, .each([1]), .named(["a": 1])] {
      let text = refused(LossOptions(.meanSquaredError, classWeights: weights), values)
      #expect(text.contains("classWeights are for classes") && text.contains("2 values"))
    }
  }

  /// A weight of k is as good as k samples that are the same, and one of 0 as none.
  @Test func aWeightCountsSamples() throws {
    let weights = (0..<40).map { Float(($0 * 3) % 4) }
    let rows = weights.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    let split = Self.split("train")
    let repeated = Split(
      name: "train", sampleShape: [4], classCount: 3,
      samples: rows.flatMap { split.stored($0) }, labels: rows.map { split.label(at: $0) })
    func step(_ split: Split, batch: Int) throws -> (loss: Double, values: [Float]) {
      let prepared = try PreparedJob(
        job(.crossEntropy, epochs: 1), on: ArrayDataset(train: split))
      var options = prepared.job.training
      options.batchSize = batch
      let (model, generator) = prepared.makeModel()
      let trainer = Trainer(
        model, objective: prepared.objective, source: prepared.scaled(split),
        optimizer: prepared.job.optimizer.optimizer, options: options, shards: .automatic,
        scheduler: SerialScheduler(), generator: generator)
      var loss = 0.0
      let observer = Observing { loss = $0.totals.meanLoss }
      #expect(try trainer.run(observers: [observer]))
      return (loss, model.parameters[0..<model.parameters.count])
    }
    let weighted = try step(Self.split("train", weights: weights), batch: 40)
    let plain = try step(repeated, batch: rows.count)
    #expect(abs(weighted.loss - plain.loss) < 1e-6)
    for (a, b) in zip(weighted.values, plain.values) { #expect(abs(a - b) < 1e-6) }
    // The step did something.
    let all = try step(Self.split("train"), batch: 40)
    #expect(abs(all.loss - weighted.loss) > 1e-4)
  }

  /// A mean is the same where all weights are halved, in `find-rate` too.
  @Test func aRangeTestIsOfMeans() throws {
    func losses(_ weight: Float) throws -> [Double] {
      let split = Self.split("train", weights: [Float](repeating: weight, count: 40))
      let prepared = try PreparedJob(job(.crossEntropy), on: ArrayDataset(train: split))
      let schedule = RangeSchedule(from: 1e-3, to: 0.1, steps: 6)
      let (model, generator) = prepared.makeModel()
      let trainer = Trainer(
        model, objective: prepared.objective, source: prepared.scaled(split),
        optimizer: prepared.job.optimizer.optimizer, schedule: schedule,
        options: prepared.job.training, shards: .automatic, scheduler: SerialScheduler(),
        generator: generator)
      return try trainer.testRange(schedule).points.map(\.loss)
    }
    let halved = try losses(0.5)
    #expect(try halved == losses(1))
    #expect(halved.count == 6)
  }

  private final class Observing: TrainingObserver {
    private let body: (TrainingProgress) -> Void
    init(_ body: @escaping (TrainingProgress) -> Void) { self.body = body }
    func stepEnded(_ progress: TrainingProgress) { body(progress) }
  }

  /// Where nothing counts there is nothing to learn: no NaN, and no change.
  @Test func aBatchOfNoWeightChangesNothing() throws {
    let split = Self.split("train", weights: [Float](repeating: 0, count: 40))
    let prepared = try PreparedJob(job(.crossEntropy), on: ArrayDataset(train: split))
    let (model, _) = prepared.makeModel()
    let trainer = prepared.makeTrainer(prepared.scaled(split), scheduler: SerialScheduler())
    #expect(try trainer.run())
    #expect(
      trainer.model.parameters[0..<model.parameters.count]
        == model.parameters[0..<model.parameters.count])
    let evaluator = prepared.makeEvaluator(model, prepared.scaled(split), workers: 1)
    #expect(try evaluator.evaluate(SerialScheduler()).loss == 0)
  }

  /// The evaluated loss is Σ w · s · loss over Σ w · s.
  @Test func anEvaluationIsWeighted() throws {
    let own = (0..<40).map { Float($0 % 5) / 2 }
    let split = Self.split("train", weights: own)
    let classWeights: [Float] = [1, 0.5, 3]
    let prepared = try PreparedJob(
      job(LossOptions(.crossEntropy, classWeights: .each(classWeights))),
      on: ArrayDataset(train: split))
    let (model, _) = prepared.makeModel()
    let evaluator = prepared.makeEvaluator(model, prepared.scaled(split), workers: 1)
    let found = try evaluator.evaluate(SerialScheduler()).loss
    let scores = try Prediction.all(
      model, loss: .crossEntropy, source: split, scale: 255, hidden: false)
    var (sum, weight) = (0.0, 0.0)
    for (row, score) in scores.enumerated() {
      let label = Int(split.label(at: row))
      let counts = Double(own[row] * classWeights[label])
      sum -= counts * log(Double(score.scores[label]))
      weight += counts
    }
    #expect(abs(found - sum / weight) < 1e-5)
  }

  /// Stopped in an epoch, its sum of weights comes back with the rest.
  @Test(arguments: [1, 3, 5, 7])
  func aStoppedRunGoesOn(steps: Int) throws {
    let weights = (0..<40).map { Float($0 % 7) / 3 }
    let data = ArrayDataset(train: Self.split("train", weights: weights))
    let job = job(LossOptions(.crossEntropy, labelSmoothing: 0.1, classWeights: .balanced))
    func lines(_ path: String) throws -> [Double] {
      try EpochMetrics.read(RunFolder(path: path)).map(\.trainLoss)
    }
    try TemporaryFolder.with { path in
      let whole = try TrainingRun(job, on: data, in: path + "/whole")
      #expect(try whole.train())
      let stopping = StoppingAt(step: steps)
      let totals: BatchSums
      do {
        let first = try TrainingRun(job, on: data, in: path + "/run")
        #expect(try !first.train(observers: [stopping], stop: stopping.stop))
        totals = first.trainer.progress.totals
      }
      let second = try TrainingRun(job, on: data, in: path + "/run")
      #expect(second.trainer.progress.totals == totals)
      #expect(try second.train())
      #expect(second.trainer.digest == whole.trainer.digest)
      #expect(try lines(path + "/run") == lines(path + "/whole"))
    }
  }
}
