/// What a fit says of a machine with more threads, and what holds the speed-up back there.
public struct ScalingPrediction: Codable, Sendable, Equatable {
  public let threads: Int
  public let amdahlSpeedup: Double
  public let universalSpeedup: Double
  /// The largest part of the time that a perfect speed-up would not need.
  public let limit: Limit

  public enum Limit: String, Codable, Sendable {
    /// Nothing is above a tenth of the work.
    case none
    /// α·(n − 1): work that one does while others wait.
    case contention
    /// β·n·(n − 1): workers that wait for what others have written.
    case coherence
    /// There are fewer batch shards than threads, and a batch shard is one worker's.
    case batchShards = "batch shards"
  }

  /// - Parameter batchShards: how many pieces a batch has; more threads than that have no gradient
  ///   to compute, and the prediction for them is that for as many threads as there are pieces.
  public init(_ fit: ScalingFit, threads: Int, batchShards: Int) {
    let useful = Double(min(threads, batchShards))
    self.threads = threads
    amdahlSpeedup = fit.amdahlSpeedup(useful)
    universalSpeedup = fit.universalSpeedup(useful)
    let contention = fit.contention * (useful - 1)
    let coherence = fit.coherence * useful * (useful - 1)
    limit =
      threads > batchShards
      ? .batchShards
      : max(contention, coherence) < 0.1
        ? .none : contention >= coherence ? .contention : .coherence
  }

  /// 8, 16, 32, 64 and 128 threads.
  ///
  /// - Parameter batchShards: how many pieces a batch has with so many threads.
  public static func usual(_ fit: ScalingFit, batchShards: (Int) -> Int) -> [ScalingPrediction] {
    [8, 16, 32, 64, 128].map {
      ScalingPrediction(fit, threads: $0, batchShards: batchShards($0))
    }
  }
}
