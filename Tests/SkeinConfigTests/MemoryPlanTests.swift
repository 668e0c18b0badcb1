import SkeinTraining
import Testing

@testable import SkeinRun

@Suite struct MemoryPlanTests {
  private func plan(
    classes: Int = 10, history: Bool = false, samples: Int = 4000, training: String = "",
    hidden: Int = 64, threads: Int = 1
  ) throws -> MemoryPlan {
    let text = """
      name: plan
      data: {synthetic: {shape: [64], classes: \(classes), samples: \(samples)}, test: test}
      model: {hidden: [\(hidden)], activation: tanh}
      optimizer: {momentum: 0.9}
      training: {\(training)}
      parallel: {batchShards: 4}
      report: {history: \(history)}
      """
    return try PreparedJob(checked: try JobFolder().load(text).job, exactly: threads).memoryPlan
  }

  private func bytes(_ name: String, _ plan: MemoryPlan) -> Double {
    plan.parts.filter { $0.name.hasPrefix(name) }.map(\.bytes).reduce(0, +)
  }

  /// Numbers of 64 · 64 weights, of 64 · 10, and of the biases.
  private static let parameters = 64.0 * 65 + 10 * 65

  /// Recording is in the plan, and grows with the classes and not with their square.
  @Test func aHistoryIsInThePlan() throws {
    func history(_ plan: MemoryPlan) -> Double { bytes("history", plan) }
    #expect(history(try plan(history: false)) == 0)
    let few = history(try plan(history: true))
    let many = history(try plan(classes: 4000, history: true))
    // A gradient in Floats, and the codes twice, of 64 · 65 + 10 · 65 parameters and more.
    #expect(few > 6 * 4810)
    #expect(many > 6 * 264_160 && many < few + 4000 * (6 * 65 + 16 * 364 + 48))
    let (with, without) = (try plan(history: true), try plan(history: false))
    let page = bytes("web page", with)
    #expect(page > bytes("checkpoints", without) && bytes("checkpoints", with) == 0)
    let saving = page - bytes("checkpoints", without)
    #expect(abs(with.total - without.total - few - saving) < 1)
  }

  /// Parameters and velocities, as the state that is saved and as the bytes of its file.
  @Test func aCheckpointIsInThePlan() throws {
    #expect(bytes("checkpoints", try plan()) == 2 * 2 * 4 * Self.parameters)
  }

  /// A row of a training tape: a sample, 64 numbers behind the layer and behind its activation, ten
  /// outputs, each with its gradient, and twice the classes for the loss.
  private static let trainingRow = 4.0 * (64 + 2 * (64 + 64 + 10) + 2 * 10)

  /// Batches of 32, and what is left: 0, 1, 30, 31.
  private static let batches: [(samples: Int, training: String, rows: Double)] = [
    (4000, "batchSize: 32", 32), (4001, "batchSize: 32", 33), (4030, "batchSize: 32", 62),
    (4031, "batchSize: 32", 63), (4031, "batchSize: 32, dropLast: true", 32),
    (20, "batchSize: 32", 20),
  ]

  /// A last batch counts with its own rows.
  @Test(arguments: batches)
  func trainingTapesHaveTheRowsOfTheirBatches(
    samples: Int, training: String, rows: Double
  ) throws {
    let plan = try plan(samples: samples, training: training)
    #expect(bytes("tapes of batches", plan) == rows * Self.trainingRow)
  }

  /// Of a wide layer, a batch of 64 samples has copies that its gradient is computed from: 64 and
  /// 1024 columns in whole vectors. What is left of an epoch, 32 samples, has none.
  @Test func largeBatchesOfWideLayersHaveCopies() throws {
    func plan(_ batchSize: Int) throws -> Double {
      bytes(
        "tapes of batches",
        try self.plan(samples: 4000, training: "batchSize: \(batchSize)", hidden: 1024))
    }
    let row = 4.0 * (64 + 2 * (1024 + 1024 + 10) + 2 * 10)
    #expect(try plan(63) == (63 + 31) * row)
    #expect(try plan(64) == (64 + 32) * row + 64 * 4 * (64 + 15 + 1024 + 15))
  }

  /// A row of an evaluation's tape has no gradients.
  private static let evaluationRow = 4.0 * (64 + 64 + 64 + 10 + 10)

  /// The test split has a sixth as many samples: 100, 256, 512 and 612 of them.
  private static let evaluations: [(samples: Int, threads: Int, epochs: Int, rows: Double)] = [
    (600, 8, 1, 100), (600, 8, 3, 300), (600, 8, 20, 800), (1536, 8, 1, 256), (3072, 1, 5, 256),
    (3672, 1, 5, 356), (3672, 8, 1, 612), (3672, 8, 100, 2848),
  ]

  /// Each worker has a tape for a full chunk, and any of them may have one for the last chunk of an
  /// epoch.
  @Test(arguments: evaluations)
  func evaluationTapesHaveTheRowsOfTheirChunks(
    samples: Int, threads: Int, epochs: Int, rows: Double
  ) throws {
    let plan = try plan(samples: samples, training: "epochs: \(epochs)", threads: threads)
    #expect(bytes("tapes of the evaluation", plan) == rows * Self.evaluationRow)
  }

  /// The count is that of the rule.
  @Test func theKeptEpochsAreCounted() {
    for newest in 0...300 {
      let kept = (0...newest).count { RunHistory.keeps($0, newest: newest) }
      #expect(RunHistory.keptCount(newest: newest) == kept, "\(newest)")
    }
  }
}
