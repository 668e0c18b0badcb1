import Foundation
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinRecord
import SkeinReport
import SkeinTestSupport
import Testing

@testable import SkeinRun
@testable import SkeinTraining
@testable import SkeinWorkers

/// A run on values: what it keeps, and that it ends in the same bits however often it is stopped.
@Suite struct ValueRunTests {
  private let samples = ArrayDataset(
    targets: ValueTargets(names: ["sum", "product"], mean: [1100, 0.25], deviation: [150, 0.25]),
    train: makeValueSplit(50, name: "train"), test: makeValueSplit(21, seed: 8, name: "test"))

  private func job(_ loss: Loss? = nil, best: BestMetric = .testAccuracy) -> Job {
    Job(
      name: "small", seed: 7, data: DataOptions(path: "", scale: 255),
      model: ModelOptions(hidden: [6, 4]), loss: loss.map { LossOptions($0) },
      optimizer: OptimizerOptions(learningRate: 0.1, momentum: 0.9),
      training: TrainingOptions(epochs: 3, batchSize: 8),
      parallel: ParallelOptions(threads: .count(1), batchShards: .count(4)),
      checkpoint: CheckpointOptions(everyEpochs: 1, best: best))
  }

  private final class Stopping: TrainingObserver {
    let stop = StopRequest()
    private var left: Int
    init(after steps: Int) { left = steps }
    func stepEnded(_ progress: TrainingProgress) {
      left -= 1
      if left == 0 { stop.raise() }
    }
  }

  private func lines(_ folder: String) throws -> [EpochMetrics] {
    try EpochMetrics.read(RunFolder(path: folder)).map {
      var line = $0
      (line.seconds, line.samplesPerSecond, line.workers) = (0, 0, nil)
      return line
    }
  }

  /// 7 steps an epoch, 21 in all: sums of errors come back from a checkpoint bit for bit.
  @Test(arguments: [1, 5, 7, 10, 20])
  func aStoppedRunEndsInTheBitsOfOneThatWasNot(steps: Int) throws {
    try TemporaryFolder.with { path in
      let stopping = Stopping(after: steps)
      let first = try TrainingRun(job(.meanAbsoluteError), on: samples, in: path)
      #expect(try !first.train(observers: [stopping], stop: stopping.stop))
      let totals = first.trainer.progress.totals
      let saved = try #require(
        try RunFolder(path: path).newestCheckpoint(first.prepared.network, warn: { _ in }))
      #expect(saved.state.progress.totals == totals)
      #expect(steps % 7 == 0 || totals[.absoluteError] > 0)
    }
    try TemporaryFolder.with { folder in
      let whole = try TrainingRun(job(.meanAbsoluteError), on: samples, in: "\(folder)/whole")
      #expect(try whole.train())
      let path = "\(folder)/parts"
      do {
        let stopping = Stopping(after: steps)
        let first = try TrainingRun(job(.meanAbsoluteError), on: samples, in: path)
        #expect(try !first.train(observers: [stopping], stop: stopping.stop))
      }
      let second = try TrainingRun(job(.meanAbsoluteError), on: samples, in: path)
      #expect(try second.train())
      #expect(second.trainer.digest == whole.trainer.digest)
      #expect(try lines(path) == lines("\(folder)/whole"))
      let names =
        ["checkpoints/last", "checkpoints/best"]
        + (0...3).map { "history/epoch-00000000\($0)" }
      for name in names {
        let files = try [path, "\(folder)/whole"].map {
          try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(name).safetensors"))
        }
        #expect(files[0] == files[1], "\(name)")
      }
    }
  }

  @Test func whatARunKeepsOfValues() throws {
    try TemporaryFolder.with { path in
      let run = try TrainingRun(job(), on: samples, in: path)
      #expect(try run.train())
      // What the job left open is decided, and written down.
      let text = try String(contentsOfFile: path + "/job.yaml", encoding: .utf8)
      #expect(text.contains("loss: meanSquaredError") && text.contains("best: testLoss"))
      let lines = try EpochMetrics.read(run.folder)
      #expect(lines.count == 3 && lines.allSatisfy { $0.trainAccuracy == nil })
      #expect(lines.allSatisfy { $0.testAccuracy == nil && ($0.testError ?? 0) > 0 })
      let metrics = try String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8)
      #expect(metrics.contains("trainError") && !metrics.contains("ccuracy"))
      #expect(run.bestEpoch?.testLoss == lines.compactMap(\.testLoss).min())
      let data = try #require(try run.folder.data())
      #expect(data.classes == [] && data.targets == samples.targets && data.target == .values(2))

      let record = try #require(try run.folder.history.run())
      #expect(record.facts.targets?.names == ["sum", "product"] && record.samples.labels == [])
      for (index, row) in record.samples.rows.enumerated() {
        let truth = try #require(samples.test).values(at: row)
        #expect(zip(record.samples.values(index), truth).allSatisfy { abs($0 - $1) < 1e-3 })
      }
      let before = try run.folder.history.record(0, of: run.prepared.network)
      #expect(before.values == nil && before.confusion.isEmpty)
      let last = try run.folder.history.record(3, of: run.prepared.network)
      let values = try #require(last.values)
      #expect(values.samples == 21 && values.rows == Array(0..<21) && values.outputs.count == 2)
      #expect(values.overall.meanAbsoluteError == lines[2].testError)
      #expect(!values.largest.isEmpty && last.mistakes == [])

      let trained = try TrainedRun(run.folder, checkpoint: "last")
      let test = try #require(samples.test)
      let predictions = try trained.predictions(for: (0..<21).flatMap { test.stored($0) })
      for row in 0..<21 {
        let told = Array(values.predictions[(2 * row)..<(2 * row + 2)])
        #expect(zip(predictions[row].scores, told).allSatisfy { abs($0 - $1) <= 1e-3 })
      }
    }
  }

  @Test func picturesOfValues() throws {
    try TemporaryFolder.with { path in
      let run = try TrainingRun(job(.huber), on: samples, in: path)
      #expect(try run.train())
      let numbers = try RunNumbers(run.folder)
      let best = try #require(numbers.best)
      let predicted = PredictionFigure.svg(
        numbers, epoch: best, values: try #require(best.values)
      ).file
      #expect(predicted.components(separatedBy: "<circle").count == 1 + 2 * 21)
      #expect(predicted.contains("sum") && predicted.contains("product"))
      _ = try XMLContents(parsing: predicted)
      let errors = SampleSheets.largestErrors(
        numbers, epoch: best, values: try #require(best.values)
      ).file
      #expect(errors.contains("largest errors first"))
      let curves = LearningCurves.figure("small", numbers.epochs, rates: numbers.rates).file
      #expect(curves.contains("mean absolute error") && !curves.contains("Accuracy"))
      #expect(HiddenStatesFigure.svg(numbers).file.contains("sum "))
      let states = best.states(
        of: numbers.samples.floats(0, size: 7), job: run.prepared.job, facts: numbers.facts)
      let told = try #require(states.last)
      let trained = try TrainedRun(run.folder)
      let expected = try trained.predictions(for: numbers.samples.floats(0, size: 7))[0].scores
      #expect(zip(told, expected).allSatisfy { abs($0 - Double($1)) < 1e-3 })
      let page = try String(contentsOfFile: path + "/report.html", encoding: .utf8)
      #expect(page.contains("rootMeanSquaredError") && page.contains("\"truths\""))
      let mixed = LearningCurves.compare([
        ("values", numbers.epochs),
        (
          "classes",
          [
            EpochMetrics(
              epoch: 1, step: 1, trainLoss: 1, trainAccuracy: 0.5, samplesPerSecond: 1,
              seconds: 1, threads: 1)
          ]
        ),
      ]).file
      #expect(mixed.contains("Accuracy") && mixed.contains("Error") && mixed.contains("Loss"))
    }
  }

  @Test func lossesAndMetricsThatDoNotFitAreRefused() throws {
    func refused(_ job: Job, _ data: ArrayDataset) -> String {
      do {
        _ = try PreparedJob(job, on: data)
        return ""
      } catch let error as JobTargetError {
        #expect(error.exitCode == 2)
        return error.description
      } catch {
        return "\(error)"
      }
    }
    let classes = ArrayDataset(train: makeSplit(20))
    for loss in [Loss.crossEntropy, .negativeLogLikelihood] {
      let text = refused(job(loss), samples)
      #expect(text.hasPrefix("loss: \(loss.rawValue) is for classes"))
      #expect(text.contains("huber") && text.contains("sum, product"))
    }
    for loss in [Loss.meanAbsoluteError, .huber] {
      let text = refused(job(loss), classes)
      #expect(text.contains("is for values") && text.contains("3 classes"))
      #expect(text.contains("--regression"))
    }
    #expect(refused(job(best: .trainAccuracy), samples).contains("testLoss or trainLoss"))
    for (loss, data) in [
      (nil, samples), (.meanSquaredError, samples), (nil, classes), (.meanSquaredError, classes),
    ] as [(Loss?, ArrayDataset)] {
      #expect(refused(job(loss), data) == "")
    }
    let hint = try #require(try PreparedJob(job(), on: samples).lossHint)
    #expect(hint.contains("2 values: sum, product") && hint.contains("testLoss"))
    #expect(try PreparedJob(job(), on: classes).job.loss == .crossEntropy)
  }

  @Test func anotherKindOfTargetsIsNotResumed() throws {
    try TemporaryFolder.with { path in
      _ = try TrainingRun(job(.meanSquaredError), on: samples, in: path).train()
      var other = job(.meanSquaredError)
      other.checkpoint.best = .testLoss
      let classes = ArrayDataset(
        train: makeSplit(50),
        test: Split(
          name: "test", sampleShape: [7], classCount: 3, samples: [UInt8](repeating: 1, count: 7),
          labels: [0]))
      do {
        _ = try TrainingRun(other, on: classes, in: path)
        Issue.record("it was resumed")
      } catch let error as ChangedRunError {
        #expect(error.changes.contains("targets: 2 values → 3 classes"), "\(error)")
      }
    }
  }

  @Test func damagedHistoriesOfValuesAreRefused() throws {
    try TemporaryFolder.with { path in
      let run = try TrainingRun(job(), on: samples, in: path)
      #expect(try run.train())
      let file = path + "/history/epoch-000000003.safetensors"
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
      for bit in stride(from: 0, to: 8 * bytes.count, by: 101) {
        var changed = bytes
        changed[bit / 8] ^= 1 << (bit % 8)
        #expect(throws: FormatError.self) { try EpochRecord(decoding: changed, file: "x") }
      }
    }
  }
}
