import Foundation
import SkeinAutograd
import SkeinData
import SkeinModel
import SkeinRandom
import SkeinTraining

/// A job together with its dataset: everything that is fixed before step 0.
public struct PreparedJob: Sendable {
  public let job: Job
  public let dataset: DatasetFolder
  public let architecture: Architecture
  /// How batches are cut, and how many threads the run will have.
  public let shards: BatchShards
  public let threads: Int

  /// Opens the dataset of `job` and settles what the job leaves open.
  ///
  /// - Parameter threads: wins over the job's thread count.
  /// - Throws: `DataError` for a dataset that cannot be opened, `JobLimitError` for a model that
  ///   does not fit the memory.
  public init(_ job: Job, threads: Int? = nil) throws {
    self.job = job
    dataset = try DatasetFolder(opening: job.data.path)
    let size = dataset.manifest.sample.shape.reduce(1, *)
    let outputs = dataset.manifest.classes.count
    // An upper bound, before any buffer is asked for.
    let widths = [size] + job.model.hidden + [outputs]
    let weights = zip(widths, widths.dropFirst()).map { Double($0) * Double($1) }.reduce(0, +)
    let needed = weights * 4 * 3
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    guard needed < memory else { throw JobLimitError(needed: needed, memory: memory) }
    architecture = Architecture(
      inputs: size, hidden: job.model.hidden, outputs: outputs, activation: job.model.activation)
    let cores = Machine.availableCores
    let asked: Int? =
      if let threads { threads } else if case .count(let count) = job.parallel.threads {
        count
      } else {
        nil
      }
    switch job.parallel.batchShards {
    case .auto:
      shards = .automatic(
        batchSize: job.training.batchSize, multiplyAdds: architecture.multiplyAdds)
    case .count(let count): shards = BatchShards(count: count)
    case .perThread: shards = BatchShards(count: asked ?? cores)
    }
    self.threads = asked ?? min(cores, shards.count)
  }

  /// The training split, and the test split if the job has one, checked and in memory.
  ///
  /// - Throws: `DataError` with every fault of every shard file.
  public func loadSplits() throws -> (train: Split, test: Split?) {
    let cores = Machine.availableCores
    let train = try dataset.load(job.data.train, threads: cores)
    return (train, try job.data.test.map { try dataset.load($0, threads: cores) })
  }

  /// A fresh model, and the generator after its draws.
  public func makeModel() -> (FeedForward, MersenneTwister) {
    var generator = MersenneTwister(seed: job.seed)
    let model = FeedForward(architecture, initializer: job.model.initializer, from: &generator)
    return (model, generator)
  }

  /// Bytes that training takes: parameters and velocity, one gradient per batch shard, the splits.
  public var memoryPlan: [(part: String, bytes: Int)] {
    let buffer = architecture.layout.bufferCount * 4
    let rows = (job.training.batchSize + shards.count - 1) / shards.count
    let tape = rows * architecture.widths.reduce(0, +) * 4 * 3
    let splits = [job.data.train] + (job.data.test.map { [$0] } ?? [])
    let stored = dataset.manifest.splits.filter { splits.contains($0.key) }.values.joined()
      .map { $0.images.rawBytes + 4 * $0.count }.reduce(0, +)
    return [
      ("parameters", buffer), ("velocity", job.optimizer.hasState ? buffer : 0),
      ("gradients of \(shards.count) batch shards", buffer * shards.count),
      ("tapes of \(threads) workers", tape * threads), ("samples", stored),
    ]
  }
}

/// A model too large for this machine's memory.
public struct JobLimitError: Error, CustomStringConvertible {
  let needed: Double
  let memory: Double

  public var description: String {
    "model.hidden: parameters, velocity and gradient alone need \(Int(needed / 1_048_576)) MiB, and "
      + "this machine has \(Int(memory / 1_048_576)) MiB: choose fewer or narrower layers"
  }
}
