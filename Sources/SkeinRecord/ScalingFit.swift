/// How a speed-up depends on the number of threads, in three numbers.
///
/// - Amdahl's law (Amdahl 1967): S(n) = 1 / (s + (1 − s)/n), with the serial fraction s.
/// - Universal scalability law (Gunther, "Guerrilla Capacity Planning",
///   2007, chapter 4): S(n) = n / (1 + α·(n − 1) + β·n·(n − 1)), with
///   contention α (waiting for what only one can have) and coherence β (each telling each other).
///
/// Each is fitted to measured speed-ups on its own.
public struct ScalingFit: Codable, Sendable, Equatable {
  /// Amdahl's s, in 0…1.
  public let serialFraction: Double
  /// Gunther's α ≥ 0.
  public let contention: Double
  /// Gunther's β ≥ 0; 0 where fewer than two thread counts above 1 are known.
  public let coherence: Double

  /// A fit that is known. Nothing is checked.
  ///
  /// - Parameters:
  ///   - serialFraction: Amdahl's s, in 0…1.
  ///   - contention: Gunther's α ≥ 0.
  ///   - coherence: Gunther's β ≥ 0.
  public init(serialFraction: Double, contention: Double, coherence: Double) {
    self.serialFraction = serialFraction
    self.contention = contention
    self.coherence = coherence
  }

  /// Amdahl's speed-up with `threads` > 0 threads.
  public func amdahlSpeedup(_ threads: Double) -> Double {
    1 / (serialFraction + (1 - serialFraction) / threads)
  }

  /// Gunther's speed-up with `threads` > 0 threads.
  public func universalSpeedup(_ threads: Double) -> Double {
    threads / (1 + contention * (threads - 1) + coherence * threads * (threads - 1))
  }

  /// The thread count beyond which Gunther's speed-up falls, √((1 − α)/β); nil where it never does.
  public var bestThreads: Double? {
    coherence > 0 && contention < 1 ? ((1 - contention) / coherence).squareRoot() : nil
  }
}
