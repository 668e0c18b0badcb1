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
  /// The sum of the samples' losses.
  public var loss: Double
  /// How many samples there were.
  public var samples: Int
  /// The sums of the metrics, by `Metric.index`: plain numbers, so that a step allocates nothing.
  private var metrics: SIMD4<Double>

  /// Sums with these losses and samples, and metrics of 0.
  public init(loss: Double = 0, samples: Int = 0) {
    self.loss = loss
    self.samples = samples
    metrics = .zero
  }

  /// The sum of `metric` over the samples.
  public subscript(metric: Metric) -> Double {
    get { metrics[metric.index] }
    set { metrics[metric.index] = newValue }
  }

  /// The mean over the samples of `metric`; 0 without samples.
  public func mean(of metric: Metric) -> Double { self[metric] / Double(max(samples, 1)) }

  /// The mean loss; 0 without samples.
  public var meanLoss: Double { loss / Double(max(samples, 1)) }

  /// Whether the loss and all metrics are finite.
  package var areFinite: Bool { loss.isFinite && metrics.sum().isFinite }

  /// Adds all sums. In Double, so the order of additions may show in the last bit.
  public static func += (sums: inout BatchSums, more: BatchSums) {
    sums.loss += more.loss
    sums.samples += more.samples
    sums.metrics += more.metrics
  }
}
