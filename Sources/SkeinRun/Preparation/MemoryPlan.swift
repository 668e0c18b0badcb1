import Glibc
import SkeinConfig
import SkeinData
import SkeinFiles
import SkeinModel
import SkeinTraining
import SkeinWorkers

/// What training takes of the machine's memory, part by part, in bytes.
///
/// In doubles, and from sizes alone: it is asked before anything is allocated, of jobs and
/// datasets that may say any number.
public struct MemoryPlan: Sendable {
  public struct Part: Sendable {
    public let name: String
    public let bytes: Double
  }

  public let parts: [Part]

  /// All parts together.
  public var total: Double { parts.map(\.bytes).reduce(0, +) }

  /// - Parameters:
  ///   - size: of the network.
  ///   - samples: of the training split; `sampleBytes` are those of all splits.
  init(
    _ job: Job, _ size: NetworkSize, samples: Int, sampleBytes: Double, shards: BatchShards,
    threads: Int
  ) {
    let buffer = 4 * size.parameters
    // A tape holds each layer's preactivations and activations, and their gradients.
    let row = 4 * 4 * size.units
    let hasTest = job.data.test != nil
    let batch = min(job.training.batchSize, samples)
    let hasSmallerBatch = !job.training.dropLast && samples % max(batch, 1) != 0
    let states = job.optimizer.stateNames.map { Part(name: $0, bytes: buffer) }
    let others = [
      // Twice where the last batch of an epoch has fewer samples.
      Part(
        name: "tapes of " + counted(shards.count, "batch shard"),
        bytes: row * Double(batch) * (hasSmallerBatch ? 2 : 1)),
      Part(
        name: "gradient blocks of " + counted(threads, "worker"),
        bytes: 4 * ParameterPartition.room(sums: Double(shards.count)) * Double(threads)),
      Part(
        name: "tapes of the evaluation",
        bytes: hasTest ? row * Double(Evaluation.chunk) * Double(threads) : 0),
      Part(name: "divergence watch", bytes: DivergenceWatch.memory(size)),
      Part(name: "samples", bytes: sampleBytes),
      Part(
        name: "history", bytes: job.report.history ? HistoryRecorder.memory(size) : 0),
    ]
    parts = [Part(name: "parameters", bytes: buffer)] + states + others
  }

  /// - Parameter threads: how many the run has; each has a stack.
  /// - Throws: `JobLimitError` where the machine has less, `FileSystemError` where the process is
  ///   given less.
  func check(threads: Int) throws {
    let available = Machine.availableMemory
    let largest = parts.max { $0.bytes < $1.bytes }
    guard total < available else {
      throw JobLimitError.memory(
        needed: total, available: available, largestPart: largest?.name ?? "parameters")
    }
    // Stacks, and room for what is small: said now, and not once hours of training are lost.
    let beside = Double(threads) * Self.stack + Self.reserve
    guard total + beside < Machine.addressSpace else {
      let part = largest?.name ?? "parameters"
      throw FileSystemError(
        "allocate \(Int((total + beside) / 1_048_576)) MiB for",
        "training (ulimit -v), most of it "
          + (total < beside ? "stacks and libraries" : part), code: ENOMEM)
    }
  }

  private static let stack = 8.0 * 1_048_576
  private static let reserve = 16.0 * 1_048_576
}
