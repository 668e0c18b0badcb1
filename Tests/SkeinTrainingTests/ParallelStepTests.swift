import SkeinModel
import Testing

@testable import SkeinTraining

/// The same bits for any thread count: the promise that everything else stands on.
@Suite struct ParallelStepTests {
  @Test(arguments: 1...17)
  func everyThreadCountGivesTheSerialBits(batchSize: Int) throws {
    let split = makeSplit(53)
    for shards in [1, 2, 3, 4, 8] {
      let serial = try train(
        split, scheduler: SerialScheduler(), shards: shards, batchSize: batchSize)
      for threads in [1, 2, 3, 5, 8] {
        let parallel = try train(
          split, scheduler: DispatchScheduler(threads: threads), shards: shards,
          batchSize: batchSize)
        #expect(
          parallel == serial, "\(threads) threads, \(shards) shards, batches of \(batchSize)")
      }
    }
  }

  @Test(arguments: Activation.all.filter(\.isTrainable))
  func everyActivationGivesTheSerialBits(activation: Activation) throws {
    let split = makeSplit(41)
    for loss in Loss.allCases {
      let serial = try train(
        split, scheduler: SerialScheduler(), shards: 4, batchSize: 16, activation: activation,
        loss: loss)
      let parallel = try train(
        split, scheduler: DispatchScheduler(threads: 3), shards: 4, batchSize: 16,
        activation: activation, loss: loss)
      #expect(parallel == serial, "\(activation), \(loss)")
    }
  }

  /// Another cut rounds differently, so equal bits above are no accident of a dead network.
  @Test func anotherCutGivesOtherBits() throws {
    let split = makeSplit(53)
    let one = try train(split, scheduler: SerialScheduler(), shards: 1, batchSize: 16)
    let four = try train(split, scheduler: SerialScheduler(), shards: 4, batchSize: 16)
    #expect(one != four)
    for (a, b) in zip(one, four) {
      let (a, b) = (Float(bitPattern: a), Float(bitPattern: b))
      #expect(abs(a - b) <= 1e-4 * max(1, abs(a)))
    }
  }

  @Test func theLastBatchCanBeDropped() throws {
    let whole = makeSplit(48)
    let kept = try train(whole, scheduler: SerialScheduler(), shards: 2, batchSize: 20)
    let dropped = try train(
      whole, scheduler: SerialScheduler(), shards: 2, batchSize: 20, dropLast: true)
    #expect(kept != dropped)
  }
}
