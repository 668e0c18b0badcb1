import SkeinFiles

/// What a benchmark measures, how often, and in which order.
public struct BenchmarkPlan: Sendable, Equatable {
  /// One configuration: a number of threads, and a rule for the size of the batch.
  public struct Point: Sendable, Hashable {
    /// How the batch grows with the threads.
    public let scaling: Scaling
    /// How many threads train.
    public let threads: Int
    /// In how many slices a batch goes through forward and backward pass; nil for as many as suit
    /// the threads.
    public let slices: Int?

    /// A configuration of the plan.
    ///
    /// - Parameters:
    ///   - scaling: how the batch grows with the threads.
    ///   - threads: > 0.
    ///   - slices: > 0 or nil.
    public init(_ scaling: Scaling, threads: Int, slices: Int? = nil) {
      self.scaling = scaling
      self.threads = threads
      self.slices = slices
    }

    /// Samples per step.
    ///
    /// - Parameter base: samples per step with one thread, > 0.
    public func batchSize(base: Int) -> Int { scaling == .weak ? base * threads : base }
  }

  /// How the work grows with the number of threads.
  public enum Scaling: String, Codable, Sendable {
    /// Strong scaling: the batch is the same for every number of threads.
    case strong
    /// Weak scaling: n threads train on a batch that is n times as large.
    case weak
  }

  /// How long one repetition is.
  public enum Length: Sendable, Equatable {
    /// A number of steps, > 0.
    case steps(Int)
    /// As many steps as take about this many seconds, > 0. The warm-up measures how long a step
    /// takes.
    case seconds(Double)
  }

  /// The configurations, each once, in the order of their thread counts.
  public let points: [Point]
  /// How often each configuration is measured.
  public let repeats: Int
  /// How long one repetition is.
  public let length: Length

  /// A plan that measures each configuration `repeats` times.
  ///
  /// - Parameters:
  ///   - threads: the thread counts, in any order; a repeated one counts once.
  ///   - slices: how each of them cuts a batch, one after the other; empty for as suits it. Weak
  ///     scaling takes no part in that.
  ///   - includesWeak: whether to measure weak scaling too.
  ///   - repeats: how often each configuration is measured.
  ///   - length: how long one repetition is.
  /// - Precondition: `threads` is not empty, and its numbers and `repeats` are positive.
  public init(
    threads: [Int], slices: [Int] = [], includesWeak: Bool = false, repeats: Int = 5,
    length: Length = .seconds(0.5)
  ) {
    require(
      !threads.isEmpty && (threads + slices).allSatisfy { $0 > 0 } && repeats > 0,
      "\(repeats) repetitions with \(threads) threads and \(slices) slices")
    let counts = Set(threads).sorted()
    let cuts: [Int?] = slices.isEmpty ? [nil] : Set(slices).sorted()
    points =
      counts.flatMap { count in cuts.map { Point(.strong, threads: count, slices: $0) } }
      + (includesWeak ? counts.map { Point(.weak, threads: $0) } : [])
    self.repeats = repeats
    self.length = length
  }

  /// The order of the measurements, as indices of `points`.
  ///
  /// Every round measures each configuration once. It begins one configuration later than the round
  /// before. Neither a noisy minute nor a place in the round can then favour one configuration.
  public var order: [Int] {
    (0..<repeats).flatMap { round in
      points.indices.map { (round + $0) % points.count }
    }
  }

  /// Calls `measure` for each configuration in `order`.
  ///
  /// - Returns: for each point, its results in the order of the rounds.
  /// - Throws: what `measure` throws.
  public func run<Result>(_ measure: (Point) throws -> Result) rethrows -> [[Result]] {
    var results = [[Result]](repeating: [], count: points.count)
    for index in order { results[index].append(try measure(points[index])) }
    return results
  }
}
