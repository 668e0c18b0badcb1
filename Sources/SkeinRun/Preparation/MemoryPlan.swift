import Glibc
import SkeinConfig
import SkeinFiles
import SkeinModel
import SkeinTraining
import SkeinWorkers

/// The memory that training takes, part by part.
///
/// It is computed from sizes alone, before anything is allocated. It counts bytes in Double,
/// because jobs and datasets may name sizes that no `Int` can hold.
public struct MemoryPlan: Sendable {
  /// What one part of the training takes.
  public struct Part: Sendable {
    /// What takes the memory, for messages.
    public let name: String
    /// How many bytes it takes, ≥ 0.
    public let bytes: Double
  }

  /// All parts. Some may take 0 bytes.
  public let parts: [Part]

  /// The bytes of all parts together.
  public var total: Double { parts.map(\.bytes).reduce(0, +) }

  /// - Parameters:
  ///   - job: what is trained.
  ///   - size: the size of its network.
  ///   - data: the samples of its splits.
  ///   - shards: how a batch is cut into batch shards.
  ///   - threads: how many threads the run has.
  init(
    _ job: Job, _ size: NetworkSize, _ data: Samples, shards: BatchShards, threads: Int
  ) {
    let buffer = 4 * size.parameters
    let states = job.stateNames.map { Part(name: $0, bytes: buffer) }
    let writesGradient = job.optimizer.clipNorm != nil || job.training.accumulate > 1
    let others = [
      Part(
        name: "packed weights",
        bytes: 4 * (job.training.bf16 ? size.packedBFloat16 : size.packed)),
      Part(
        name: "tapes of batches", bytes: Self.trainingTapes(job, size, data, shards)),
      Part(
        name: "gradient blocks of " + counted(threads, "worker"),
        bytes: 4 * ParameterPartition.room(sums: Double(shards.count)) * Double(threads)),
      Part(name: "whole gradient", bytes: writesGradient ? buffer : 0),
      Part(
        name: "tapes of the evaluation",
        bytes: Self.evaluationTapes(job, size, data, threads: threads)),
      Part(name: "divergence watch", bytes: DivergenceWatch.memory(size)),
      Part(name: "samples", bytes: data.bytes),
      Part(
        name: "history", bytes: job.report.history ? HistoryRecorder.memory(size) : 0),
      Self.saving(job, size, data),
    ]
    parts = [Part(name: "parameters", bytes: buffer)] + states + others
  }

  /// Checks that training fits the memory.
  ///
  /// - Parameter threads: how many threads the run has. Each has a stack.
  /// - Throws: `JobLimitError` where the machine has less memory, `FileSystemError` where the
  ///   process may not use so much.
  func check(threads: Int) throws {
    let available = Machine.availableMemory
    let largest = parts.max { $0.bytes < $1.bytes }
    guard total < available else {
      throw JobLimitError.memory(
        needed: total, available: available, largestPart: largest?.name ?? "parameters")
    }
    // Stacks and small things need room too. It is better to fail now than after hours of training.
    let beside = Double(threads) * Self.stack + Self.reserve
    guard total + beside < Machine.addressSpace else {
      let part = largest?.name ?? "parameters"
      throw FileSystemError(
        "allocate \(Int((total + beside) / 1_048_576)) MiB for",
        "training (ulimit -v), most of it "
          + (total < beside ? "stacks and libraries" : part), code: ENOMEM)
    }
  }

  /// The bytes of a thread's stack.
  private static let stack = 8.0 * 1_048_576
  /// Room in bytes for all that is small.
  private static let reserve = 16.0 * 1_048_576
}
