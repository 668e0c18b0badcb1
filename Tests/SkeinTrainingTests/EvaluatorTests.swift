import SkeinData
import SkeinModel
import SkeinRandom
import SkeinTraining
import SkeinWorkers
import Testing

/// The same numbers for any thread count, over several chunks with an uneven last one.
@Suite(.timeLimit(.minutes(5))) struct EvaluatorTests {
  private static func makeModel(outputs: Int = 3) -> FeedForward {
    var generator = MersenneTwister(seed: 3)
    return FeedForward(
      Network(inputs: 7, hidden: [9, 5], outputs: outputs, activation: .tanh), initializer: .he,
      from: &generator)
  }

  @Test(arguments: [1, 255, 256, 257, 1000])
  func everyThreadCountGivesTheSerialNumbers(samples: Int) throws {
    let split = makeSplit(samples)
    let model = Self.makeModel()
    func evaluate(_ scheduler: any BatchScheduler, workers: Int) throws -> Evaluation {
      let evaluator = Evaluator(
        model, loss: .crossEntropy, source: split, scale: 255, workers: workers)
      // A second pass finds what the first one left.
      let first = try evaluator.evaluate(scheduler)
      #expect(try evaluator.evaluate(scheduler) == first)
      #expect(evaluator.last == first)
      return first
    }
    let serial = try evaluate(SerialScheduler(), workers: 1)
    #expect(serial.labels.count == samples && serial.loss > 0)
    // Each sample by itself, in the order of the rows.
    let predictions = try Prediction.all(
      model, loss: .crossEntropy, source: split, scale: 255, hidden: false)
    #expect(serial.predictions == predictions.map { Int32($0.label) })
    for threads in [2, 3, 8] {
      let parallel = try evaluate(DispatchScheduler(exactly: threads), workers: threads)
      #expect(parallel == serial, "\(threads) threads")
    }
  }

  /// Raises a stop when a row is read.
  private struct StoppingAtRow: SourceWrapper {
    let base: any SampleSource
    let row: Int32
    let stop: StopRequest

    func read(_ rows: BatchRows, into memory: BatchMemory) throws {
      if rows.numbers.contains(row) { stop.raise() }
      try base.read(rows, into: memory)
    }
  }

  /// Of an evaluation that is left, nothing is kept: some of its chunks are from the one before.
  @Test func theLastEvaluationIsAWholeOne() throws {
    let (model, stop) = (Self.makeModel(), StopRequest())
    let source = StoppingAtRow(base: makeSplit(1000).scaled(by: 255), row: 300, stop: stop)
    let evaluator = Evaluator(
      model, Classification(.crossEntropy, classes: 3), source: source, workers: 1)
    _ = try evaluator.evaluate(SerialScheduler(), stop: stop)
    #expect(stop.isRaised && evaluator.last == nil)
    let whole = try evaluator.evaluate(SerialScheduler())
    #expect(evaluator.last == whole)
    let parameters = model.parameters
    parameters[0..<parameters.count] = parameters[0..<parameters.count].map { 2 * $0 }
    let again = StopRequest()
    again.raise()
    _ = try evaluator.evaluate(SerialScheduler(), stop: again)
    #expect(evaluator.last == whole)
    #expect(try evaluator.evaluate(SerialScheduler()) != whole)
  }

  private func expect(
    _ result: ExitTest.Result?, says parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    for part in parts {
      #expect(text.contains(part), "\(part) is not in: \(text)", sourceLocation: sourceLocation)
    }
  }

  @Test func aSchedulerOfMoreWorkersStopsTheProgram() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let evaluator = Evaluator(
        EvaluatorTests.makeModel(), Classification(.crossEntropy, classes: 3),
        source: makeSplit(600), workers: 2)
      _ = try evaluator.evaluate(DispatchScheduler(exactly: 3))
    }
    expect(result, says: ["3 workers", "made for 2"])
  }

  @Test func aModelThatDoesNotFitStopsTheProgram() async {
    let evaluated = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Evaluator(
        EvaluatorTests.makeModel(outputs: 4), Classification(.crossEntropy, classes: 4),
        source: makeSplit(9), workers: 1)
    }
    expect(evaluated, says: ["classes(4)", "classes(3)"])
    let predicted = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let split = Split(
        name: "wide", sampleShape: [8], classCount: 3, samples: [Float](repeating: 0, count: 8),
        labels: [0])
      _ = try Predictor(
        EvaluatorTests.makeModel(), Classification(.crossEntropy, classes: 3), hidden: false
      ).predictions(for: split)
    }
    expect(predicted, says: ["[7, 9, 5, 3]", "samples of 8 elements"])
  }
}
