import SkeinFiles

/// What a run's bits depend on: a resumed run must have the same.
public struct RunIdentity: Sendable, Equatable {
  /// The SHA-256 of the job, without the keys that change no bit.
  public var job: String
  /// The dataset's identity: the SHA-256 over its names, shapes and shard files.
  public var dataset: String
  /// Into how many pieces a batch is cut: with `perThread` the machine decides that.
  public var batchShards: Int
  /// The vector instructions of the kernels, as "AVX2": others round sums otherwise. Nil in a
  /// checkpoint that was written before it said so.
  public var kernels: String?

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
