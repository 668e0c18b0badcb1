/// What a benchmark measures, how often, and in which order.
public struct BenchmarkPlan: Sendable, Equatable {
  /// One configuration: so many threads, on so many samples a step.
  public struct Point: Sendable, Hashable {
    public let scaling: Scaling
    public let threads: Int

    public init(_ scaling: Scaling, threads: Int) {
      self.scaling = scaling
      self.threads = threads
    }

    /// Samples a step where one thread has `base`.
    public func batchSize(base: Int) -> Int { scaling == .weak ? base * threads : base }
  }

  /// How the work grows with the threads.
  public enum Scaling: String, Codable, Sendable {
    /// Not at all: the same batch for any number of threads.
    case strong
    /// With them: a batch that is `threads` times as large.
    case weak
  }

  /// How long one repetition is.
  public enum Length: Sendable, Equatable {
    case steps(Int)
    /// As many steps as the warm-up says take so long.
    case seconds(Double)
  }

  /// The configurations, each once, in the order of their threads.
  public let points: [Point]
  public let repeats: Int
  public let length: Length

  /// - Precondition: there are thread counts and repetitions, all positive.
  public init(
    threads: [Int], includesWeak: Bool = false, repeats: Int = 5, length: Length = .seconds(0.5)
  ) {
    precondition(
      !threads.isEmpty && threads.allSatisfy { $0 > 0 } && repeats > 0,
      "\(repeats) repetitions with \(threads) threads")
    let counts = Set(threads).sorted()
    points =
      counts.map { Point(.strong, threads: $0) }
      + (includesWeak ? counts.map { Point(.weak, threads: $0) } : [])
    self.repeats = repeats
    self.length = length
  }

  /// Which configuration is measured when, as indices of `points`: every round has each of them
  /// once, and begins one further than the last, so that neither a noisy minute nor a place in the
  /// round favours one.
  public var order: [Int] {
    (0..<repeats).flatMap { round in
      points.indices.map { (round + $0) % points.count }
    }
  }

  /// Calls `measure` in that order.
  ///
  /// - Returns: per point, its results in the order of the rounds.
  /// - Throws: what `measure` throws.
  public func run<Result>(_ measure: (Point) throws -> Result) rethrows -> [[Result]] {
    var results = [[Result]](repeating: [], count: points.count)
    for index in order { results[index].append(try measure(points[index])) }
    return results
  }
}
