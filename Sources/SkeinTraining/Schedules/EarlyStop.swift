import SkeinRecord

/// The rule that ends a training before its last epoch: when a number has not become better for so
/// many epochs.
///
/// It is Keras' `EarlyStopping` with these names. The best weights are in the best checkpoint.
public struct EarlyStop: Sendable, Equatable {
  /// How many epochs in a row may end without a better number, > 0: training ends behind the last
  /// of them.
  public var patience: Int
  /// Which number is looked at; nil for the loss that `BestMetric.loss(of:)` names.
  public var metric: BestMetric?
  /// By how much a number must be better than the best one to count, ≥ 0.
  public var minDelta: Double

  /// - Parameters:
  ///   - patience: epochs, > 0.
  ///   - metric: which number is looked at, or nil.
  ///   - minDelta: ≥ 0.
  public init(patience: Int, metric: BestMetric? = nil, minDelta: Double = 0) {
    self.patience = patience
    self.metric = metric
    self.minDelta = minDelta
  }

  /// Notes how an epoch has ended.
  func note(_ metrics: EpochMetrics, in plateau: inout Plateau) {
    let metric = metric ?? BestMetric.loss(of: metrics)
    plateau.note(metric.score(metrics).value) { $0 > $1 + minDelta }
  }

  /// Whether training is over.
  func isOver(_ plateau: Plateau) -> Bool { plateau.waited >= patience }
}
