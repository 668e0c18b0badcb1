import SkeinRecord

/// The speed-up that a fit predicts for a number of threads, and what limits it.
public struct ScalingPrediction: Codable, Sendable, Equatable {
  /// How many threads.
  public let threads: Int
  /// The speed-up against one thread by Amdahl's law.
  public let amdahlSpeedup: Double
  /// The speed-up against one thread by the universal scalability law.
  public let universalSpeedup: Double
  /// What limits the speed-up: a lack of slices, or else the larger one of contention and
  /// coherence.
  public let limit: Limit

  /// What can limit a speed-up. α and β are the fit's, and n counts the threads that have a
  /// slice.
  public enum Limit: String, Codable, Sendable {
    /// Neither contention nor coherence adds a tenth to the work.
    case none
    /// α·(n − 1): one worker works while the others wait.
    case contention
    /// β·n·(n − 1): workers wait for what other workers have written.
    case coherence
    /// A batch can be cut into fewer slices than there are threads. One worker alone computes both
    /// passes of a slice, so the threads beyond have none to compute.
    case slices
  }

  /// Predicts the speed-up of `threads` threads.
  ///
  /// - Parameters:
  ///   - fit: the laws, fitted to measurements.
  ///   - threads: > 0.
  ///   - slices: the most slices of a batch, > 0. More threads than that have no forward and
  ///     backward pass to compute.
  ///   - updateShare: the share of one thread's time that goes to reducing and updating, in 0…1. It
  ///     includes computing the weights' gradients. All threads share this work, whatever the
  ///     number of slices.
  public init(_ fit: ScalingFit, threads: Int, slices: Int, updateShare: Double) {
    let (all, useful) = (Double(threads), Double(min(threads, slices)))
    func speedup(_ law: (Double) -> Double) -> Double {
      1 / ((1 - updateShare) / law(useful) + updateShare / law(all))
    }
    self.threads = threads
    amdahlSpeedup = speedup(fit.amdahlSpeedup)
    universalSpeedup = speedup(fit.universalSpeedup)
    let contention = fit.contention * (useful - 1)
    let coherence = fit.coherence * useful * (useful - 1)
    limit =
      threads > slices
      ? .slices
      : max(contention, coherence) < 0.1
        ? .none : contention >= coherence ? .contention : .coherence
  }

  /// The predictions for 8, 16, 32, 64 and 128 threads.
  ///
  /// - Parameters:
  ///   - fit: the laws, fitted to measurements.
  ///   - slices: as for `init`.
  ///   - updateShare: as for `init`.
  public static func usual(
    _ fit: ScalingFit, slices: Int, updateShare: Double
  ) -> [ScalingPrediction] {
    [8, 16, 32, 64, 128].map {
      ScalingPrediction(
        fit, threads: $0, slices: slices, updateShare: updateShare)
    }
  }
}
