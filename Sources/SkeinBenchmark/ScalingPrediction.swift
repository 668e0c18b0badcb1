import SkeinRecord

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
    /// There are fewer batch shards than threads, and a batch shard's two passes are one worker's.
    case batchShards = "batch shards"
  }

  /// - Parameters:
  ///   - batchShards: how many pieces a batch has; more threads than that have no forward and
  ///     backward pass to compute.
  ///   - updateShare: how much of one thread's time goes to reducing and updating, weight gradients
  ///     included, which all threads share whatever the number of pieces.
  public init(_ fit: ScalingFit, threads: Int, batchShards: Int, updateShare: Double) {
    let (all, useful) = (Double(threads), Double(min(threads, batchShards)))
    func speedup(_ law: (Double) -> Double) -> Double {
      1 / ((1 - updateShare) / law(useful) + updateShare / law(all))
    }
    self.threads = threads
    amdahlSpeedup = speedup(fit.amdahlSpeedup)
    universalSpeedup = speedup(fit.universalSpeedup)
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
  /// - Parameters:
  ///   - batchShards: how many pieces a batch has with so many threads.
  ///   - updateShare: as above.
  public static func usual(
    _ fit: ScalingFit, batchShards: (Int) -> Int, updateShare: Double
  ) -> [ScalingPrediction] {
    [8, 16, 32, 64, 128].map {
      ScalingPrediction(
        fit, threads: $0, batchShards: batchShards($0), updateShare: updateShare)
    }
  }
}
