import SkeinData
import SkeinModel
import SkeinRandom
import SkeinTraining
import SkeinWorkers
import Testing

/// The same numbers for any thread count, over several chunks with an uneven last one.
@Suite struct EvaluatorTests {
  @Test(arguments: [1, 255, 256, 257, 1000])
  func everyThreadCountGivesTheSerialNumbers(samples: Int) throws {
    let split = makeSplit(samples)
    var generator = MersenneTwister(seed: 3)
    let model = FeedForward(
      Network(inputs: 7, hidden: [9, 5], outputs: 3, activation: .tanh), initializer: .he,
      from: &generator)
    func evaluate(_ scheduler: any BatchScheduler, workers: Int) throws -> Evaluation {
      let evaluator = Evaluator(
        model, loss: .crossEntropy, source: split, scale: 255, workers: workers)
      // A second pass finds what the first one left.
      let first = try evaluator.evaluate(scheduler)
      #expect(try evaluator.evaluate(scheduler) == first)
      return first
    }
    let serial = try evaluate(SerialScheduler(), workers: 1)
    #expect(serial.labels.count == samples && serial.loss > 0)
    // Each sample by itself, in the order of the rows.
    let predictions = try Prediction.all(
      model, loss: .crossEntropy, source: split, scale: 255, hidden: false)
    #expect(serial.predictions == predictions.map { Int32($0.label) })
    for threads in [2, 3, 8] {
      let parallel = try evaluate(DispatchScheduler(threads: threads), workers: threads)
      #expect(parallel == serial, "\(threads) threads")
    }
  }
}
