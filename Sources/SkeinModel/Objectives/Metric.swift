/// A number that is summed over samples besides the loss: the table of all of them.
public enum Metric: String, CaseIterable, Sendable {
  /// Samples whose highest output is at their label.
  case correct
  /// How far the outputs are from the values, the mean over outputs, in the targets' own units.
  case absoluteError

  /// Its place in a `BatchSums`.
  var index: Int {
    switch self {
    case .correct: 0
    case .absoluteError: 1
    }
  }

  /// Whether its sums are whole numbers.
  public var isCount: Bool { self == .correct }
}

/// What some samples add up to: a batch's, an epoch's.
public struct BatchSums: Sendable, Equatable {
  /// The sum of the samples' losses, each times its weight.
  public var loss: Double
  /// How many samples there were.
  public var samples: Int
  /// The sum of the samples' weights: `samples` where all count the same.
  public var weight: Double
  /// The sums of the metrics, by `Metric.index`: plain numbers, so that a step allocates nothing.
  private var metrics: SIMD4<Double>

  /// Sums with these losses and samples, and metrics of 0.
  ///
  /// - Parameter weight: nil for a weight of 1 for each sample.
  public init(loss: Double = 0, samples: Int = 0, weight: Double? = nil) {
    self.loss = loss
    self.samples = samples
    self.weight = weight ?? Double(samples)
    metrics = .zero
  }

  /// The sum of `metric` over the samples.
  public subscript(metric: Metric) -> Double {
    get { metrics[metric.index] }
    set { metrics[metric.index] = newValue }
  }

  /// The mean over the samples of `metric`; 0 without samples.
  public func mean(of metric: Metric) -> Double { self[metric] / Double(max(samples, 1)) }

  /// The mean loss, weighted as the samples are; 0 where nothing counts.
  public var meanLoss: Double { loss / divisor }

  /// What turns sums into means: the sum of the weights, or 1 where nothing counts, whose sums are
  /// 0.
  package var divisor: Double { weight > 0 ? weight : 1 }

  /// Whether the loss, the weight and all metrics are finite.
  package var areFinite: Bool { loss.isFinite && weight.isFinite && metrics.sum().isFinite }

  /// Adds all sums. In Double, so the order of additions may show in the last bit.
  public static func += (sums: inout BatchSums, more: BatchSums) {
    sums.loss += more.loss
    sums.samples += more.samples
    sums.weight += more.weight
    sums.metrics += more.metrics
  }
}
