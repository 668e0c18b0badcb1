import SkeinData
import SkeinModel
import SkeinTraining

/// What training takes of the machine's memory, part by part, in bytes.
///
/// In doubles, and from widths alone: it is asked before anything is allocated, of jobs and
/// datasets that may say any number.
public struct MemoryPlan: Sendable {
  public struct Part: Sendable {
    public let name: String
    public let bytes: Double
  }

  public let parts: [Part]

  /// All parts together.
  public var total: Double { parts.map(\.bytes).reduce(0, +) }

  init(_ job: Job, widths: [Int], sampleBytes: Double, shards: BatchShards, threads: Int) {
    let floats = widths.map(Double.init)
    let layers = zip(floats, floats.dropFirst()).map { ($0 + 1) * $1 }
    let buffer = 4 * layers.reduce(0, +)
    // A tape holds each layer's sums and activations, and their gradients.
    let row = 4 * 4 * floats.reduce(0, +)
    let hasTest = job.data.test != nil
    parts = [
      Part(name: "parameters", bytes: buffer),
      Part(name: "velocity", bytes: job.optimizer.hasState ? buffer : 0),
      // Twice where the last batch of an epoch has fewer samples.
      Part(
        name: "tapes of " + counted(shards.count, "batch shard"),
        bytes: row * Double(job.training.batchSize) * (job.training.dropLast ? 1 : 2)),
      Part(
        name: "gradient blocks of " + counted(threads, "worker"),
        bytes: 4 * ParameterCut.room(sums: Double(shards.count)) * Double(threads)),
      Part(
        name: "tapes of the evaluation",
        bytes: hasTest ? row * Double(Evaluation.chunk) * Double(threads) : 0),
      Part(name: "samples", bytes: sampleBytes),
    ]
  }

  /// - Throws: `JobLimitError` where the machine has less.
  func check() throws {
    let available = Machine.availableMemory
    let largest = parts.max { $0.bytes < $1.bytes }
    guard total < available else {
      throw JobLimitError.memory(
        needed: total, available: available, largestPart: largest?.name ?? "parameters")
    }
  }
}
