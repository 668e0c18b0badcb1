import SkeinFiles

/// What a run's bits depend on. A resumed run must have the same.
public struct RunIdentity: Sendable, Equatable {
  /// The SHA-256 of the job, in hexadecimal, without the keys that change neither bits nor files.
  public var job: String
  /// The dataset's identity: the SHA-256 over its names, shapes and shard files, in hexadecimal.
  public var dataset: String
  /// How many batch shards a batch is cut into.
  public var batchShards: Int
  /// The order of every sum and the formula of every function: "chains-2", as Numerics.md has them.
  /// Checkpoints of older versions name the processor's instructions, such as "AVX2", because sums
  /// depended on them; nil in a checkpoint of the first edition.
  public var kernels: String?

  /// Sets every property. Nothing is checked.
  public init(job: String, dataset: String, batchShards: Int, kernels: String?) {
    self.job = job
    self.dataset = dataset
    self.batchShards = batchShards
    self.kernels = kernels
  }

  /// The SHA-256 of `text`, in hexadecimal.
  public static func digest(_ text: String) -> String {
    SHA256.hexadecimal(of: Array(text.utf8))
  }
}
