import SkeinRecord

extension ScalingFit {
  /// Fits both laws to measured speed-ups, by least squares. O(points).
  ///
  /// Each law is fitted in the form that is linear in its parameters, for a speed-up S of n
  /// threads:
  ///
  ///     1/S − 1/n = s·(1 − 1/n)
  ///     n/S − 1 = α·(n − 1) + β·n·(n − 1)
  ///
  /// A parameter that would be negative becomes 0, as for a speed-up above n.
  ///
  /// Nil where no point has more than one thread and a positive, finite speed-up.
  ///
  /// - Parameter points: thread counts, with their speed-ups against one thread.
  public init?(_ points: [(threads: Int, speedup: Double)]) {
    let known = points.filter { $0.threads > 1 && $0.speedup > 0 && $0.speedup.isFinite }
    guard !known.isEmpty else { return nil }
    let amdahl = known.map { point in
      let n = Double(point.threads)
      return (x: 1 - 1 / n, y: 1 / point.speedup - 1 / n)
    }
    let terms = known.map { point in
      let n = Double(point.threads)
      return (linear: n - 1, square: n * (n - 1), y: n / point.speedup - 1)
    }
    let (contention, coherence) = Self.universal(terms)
    self.init(
      serialFraction: min(1, Self.slope(amdahl)), contention: contention, coherence: coherence)
  }

  /// The least-squares slope of y = k·x through the origin, at least 0.
  private static func slope(_ points: [(x: Double, y: Double)]) -> Double {
    let xx = points.map { $0.x * $0.x }.reduce(0, +)
    let xy = points.map { $0.x * $0.y }.reduce(0, +)
    return max(0, xy / xx)
  }

  /// The least squares of y = α·linear + β·square with α, β ≥ 0.
  ///
  /// This is the unrestricted solution where neither parameter is negative there. Otherwise one
  /// parameter is 0: the one without which the error is smaller.
  private static func universal(
    _ terms: [(linear: Double, square: Double, y: Double)]
  ) -> (Double, Double) {
    func sum(_ term: ((linear: Double, square: Double, y: Double)) -> Double) -> Double {
      terms.map(term).reduce(0, +)
    }
    let (ll, lq, qq) = (
      sum { $0.linear * $0.linear }, sum { $0.linear * $0.square }, sum { $0.square * $0.square }
    )
    let (ly, qy) = (sum { $0.linear * $0.y }, sum { $0.square * $0.y })
    let determinant = ll * qq - lq * lq
    let onlyContention = (max(0, ly / ll), 0.0)
    // One thread count cannot tell the two terms apart. The linear one is used then, because it
    // grows more slowly with the number of threads.
    guard determinant > 1e-9 * ll * qq else { return onlyContention }
    let alpha = (qq * ly - lq * qy) / determinant
    let beta = (ll * qy - lq * ly) / determinant
    if alpha >= 0 && beta >= 0 { return (alpha, beta) }
    let onlyCoherence = (0.0, max(0, qy / qq))
    func error(_ fit: (Double, Double)) -> Double {
      sum {
        let miss = fit.0 * $0.linear + fit.1 * $0.square - $0.y
        return miss * miss
      }
    }
    return error(onlyContention) <= error(onlyCoherence) ? onlyContention : onlyCoherence
  }
}
