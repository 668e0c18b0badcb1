import Foundation
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinTestSupport
import Testing

@testable import SkeinFiles
@testable import SkeinRecord
@testable import SkeinRun
@testable import SkeinTraining
@testable import SkeinWorkers

/// Recording a run: what is written, that it changes nothing, and that stopped runs come out alike.
@Suite struct HistoryTests {
  private let manifest = Manifest(
    name: "made", classes: ["a", "b", "c"], sample: .init(shape: [7], type: .uint8),
    provenance: nil)

  private func withFolder(_ body: (RunFolder) throws -> Void) throws {
    try TemporaryFolder.with { try body(RunFolder(path: $0)) }
  }

  /// Trains for `epochs` from `checkpoint`, recorded in `folder` if there is one.
  private func run(
    _ folder: RunFolder?, epochs: Int, threads: Int = 1, from checkpoint: Checkpoint? = nil,
    activation: Activation = .parametricRelu
  ) throws -> Checkpoint {
    let (train, test) = (makeSplit(60), makeSplit(30, seed: 8))
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(
      Network(inputs: 7, hidden: [9, 5], outputs: 3, activation: activation),
      initializer: .he, from: &generator)
    let scheduler = try DispatchScheduler(exactly: threads)
    let shards = BatchShards(count: 3)
    let trainer = Trainer(
      model, loss: .crossEntropy, source: train, scale: 255,
      optimizer: .init(learningRate: 0.1, momentum: 0.9),
      options: TrainingOptions(epochs: epochs, batchSize: 16), shards: shards,
      scheduler: scheduler, generator: generator)
    if let checkpoint { trainer.restore(checkpoint.state) }
    let evaluator = Evaluator(
      model, loss: .crossEntropy, source: test, scale: 255, workers: threads)
    var recorder: HistoryRecorder?
    if let folder {
      recorder = try HistoryRecorder(
        folder.history, model: model,
        Classification(.crossEntropy, classes: train.classCount), dataset: manifest,
        train: train.scaled(by: 255), test: test.scaled(by: 255), evaluator: evaluator,
        shards: shards, threads: 1)
      try recorder?.begin(trainer.progress)
    }
    let observers = [recorder].compactMap { $0 }
    #expect(try trainer.run(evaluator: evaluator, observers: observers))
    try recorder?.finish()
    return Checkpoint(
      state: trainer.state, best: nil,
      identity: RunIdentity(job: "", dataset: "", batchShards: 3, kernels: nil))
  }

  private func files(_ folder: RunFolder) throws -> [String: Data] {
    let path = folder.history.path
    return try FileManager.default.contentsOfDirectory(atPath: path).reduce(into: [:]) {
      $0[$1] = FileManager.default.contents(atPath: path + "/" + $1)
    }
  }

  @Test func recordingChangesNoBit() throws {
    let plain = try run(nil, epochs: 3)
    try withFolder { folder in
      let recorded = try run(folder, epochs: 3)
      #expect(
        recorded.state.parameters.map(\.bitPattern) == plain.state.parameters.map(\.bitPattern))
    }
  }

  @Test func theHistoryDoesNotDependOnTheThreads() throws {
    var found: [[String: Data]] = []
    for threads in [1, 2, 3] {
      try withFolder { folder in
        _ = try run(folder, epochs: 2, threads: threads)
        found.append(try files(folder))
      }
    }
    #expect(found[0].count == 4 && found.allSatisfy { $0 == found[0] })
  }

  @Test(arguments: [0, 1, 2, 3])
  func aStoppedRunComesOutAlike(stop: Int) throws {
    try withFolder { whole in
      try withFolder { stopped in
        _ = try run(whole, epochs: 4)
        let checkpoint = stop == 0 ? nil : try run(nil, epochs: stop)
        // It had gone further than its checkpoint.
        _ = try run(stopped, epochs: min(stop + 1, 4))
        _ = try run(stopped, epochs: 4, from: checkpoint)
        #expect(try files(stopped) == files(whole), "stopped after \(stop)")
      }
    }
  }

  @Test func recordsReadBack() throws {
    try withFolder { folder in
      let last = try run(folder, epochs: 2)
      let history = folder.history
      #expect(history.epochs == [0, 1, 2])
      let run = try #require(try history.run())
      #expect(run.samples.rows == Array(0..<30) && run.probed == Array(0..<30))
      #expect(run.samples.elements.count == 30 * 7 && run.facts.classes == ["a", "b", "c"])
      let network = Network(
        inputs: 7, hidden: [9, 5], outputs: 3, activation: .parametricRelu)
      let record = try history.record(2, of: network)
      #expect(try EpochRecord(decoding: record.encode(), file: "f") == record)
      #expect(record.widths == [7, 9, 5, 3])
      #expect(record.layers.map { $0.slope != nil } == [true, true, false])
      #expect(record.layers.map { $0.deadUnits != nil } == [true, true, false])
      #expect(record.confusion.classes.map(\.support).reduce(0, +) == 30)
      #expect(record.plane.count == 60)
      #expect(try history.record(0, of: network).confusion == Confusion())
      // The weights are those of the checkpoint, to a 62nd of the largest.
      let exact = Array(last.state.parameters[0..<63])
      let largest = exact.map(abs).max() ?? 0
      for (coded, weight) in zip(record.layers[0].values, exact) {
        #expect(abs(coded - weight) <= largest / 61)
      }
      let wrong = record.confusion.classes.reduce(0) { $0 + $1.support - $1.correct }
      #expect(record.confusion.pairs.map(\.count).reduce(0, +) == wrong)
      #expect(record.mistakes.count == min(wrong, Mistake.limit))
      let scores = record.mistakes.map(\.score)
      #expect(scores == scores.sorted(by: >) && scores.allSatisfy { $0 > 0.33 && $0 <= 1 })
    }
  }

  /// What a run had recorded beyond its checkpoint goes, also where the run ends there.
  @Test(arguments: [0, 1, 2])
  func recordsBehindTheCheckpointAreDropped(stop: Int) throws {
    try withFolder { whole in
      try withFolder { stopped in
        _ = try run(whole, epochs: stop)
        _ = try run(stopped, epochs: 4)
        let checkpoint = stop == 0 ? nil : try run(nil, epochs: stop)
        _ = try run(stopped, epochs: stop, from: checkpoint)
        #expect(stopped.history.epochs == Array(0...stop))
        #expect(try files(stopped) == files(whole))
      }
    }
  }

  @Test func oldEpochsThinOut() {
    for newest in 0...500 {
      let kept = (0...newest).filter { RunHistory.keeps($0, newest: newest) }
      #expect(kept.count <= RunHistory.limit + 2 && kept.first == 0 && kept.last == newest)
      // What is kept later was kept before: nothing has to be made up.
      for epoch in kept where epoch < newest {
        #expect(RunHistory.keeps(epoch, newest: newest - 1))
      }
    }
    #expect(!RunHistory.keeps(5, newest: 4))
  }

  /// Against a loop over the softmax of every logit.
  @Test func theSurestMistakesAreFound() throws {
    let test = makeSplit(700, seed: 4)
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(
      Network(inputs: 7, hidden: [4], outputs: 3, activation: .tanh), initializer: .lecture,
      from: &generator)
    for threads in [1, 3] {
      let evaluation = try Evaluator(
        model, loss: .crossEntropy, source: test, scale: 255, workers: threads
      ).evaluate(DispatchScheduler(exactly: threads))
      let predictions = try Prediction.all(
        model, loss: .crossEntropy, source: test, scale: 255, hidden: false)
      let wrong = predictions.indices.filter { predictions[$0].label != Int(test.label(at: $0)) }
        .sorted { predictions[$0].scores.max() ?? 0 > predictions[$1].scores.max() ?? 0 }
      #expect(evaluation.mistakes.count == Mistake.limit)
      for (mistake, row) in zip(evaluation.mistakes, wrong) {
        let score = Double(predictions[row].scores.max() ?? 0)
        #expect(abs(mistake.score - score) < 1e-5)
        #expect(mistake.predicted == predictions[mistake.row].label)
      }
    }
  }
}
