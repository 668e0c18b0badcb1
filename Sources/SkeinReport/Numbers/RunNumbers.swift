import SkeinRecord

/// Everything that pictures of one run are drawn from: plain numbers and texts.
///
/// The texts may come from strangers' files. All code of this module that writes texts escapes
/// them.
public struct RunNumbers: Sendable, Equatable {
  /// The run's job.
  public var job: JobNumbers
  /// The record of the run as a whole: names, sizes, the machine, and samples to look at.
  public var record: RunRecord
  /// The metrics of every epoch, ascending.
  public var epochs: [EpochMetrics]
  /// The learning rates of the run.
  public var rates: [RatePoint]
  /// The recorded epochs, earliest first. The axes of their planes are aligned from epoch to epoch.
  public var networks: [EpochRecord]
  /// The number of the best epoch; nil before the first epoch ends.
  public var bestEpoch: Int?
  /// How the best epoch was chosen, such as "by test accuracy, on the test split".
  public var bestChoice: String?

  /// Sets every property, and aligns the axes of the planes. O(epochs · samples).
  public init(
    job: JobNumbers, record: RunRecord, epochs: [EpochMetrics], networks: [EpochRecord],
    rates: [RatePoint] = [], bestEpoch: Int? = nil, bestChoice: String? = nil
  ) {
    self.job = job
    self.record = record
    self.epochs = epochs
    self.rates = rates
    self.networks = networks.aligned()
    self.bestEpoch = bestEpoch
    self.bestChoice = bestChoice
  }

  /// The names and numbers of the run as a whole.
  public var facts: RunRecord.Facts { record.facts }
  /// The samples to look at.
  public var samples: LabelledSamples { record.samples }

  /// The best epoch's record. Where there is none, the last one with exact weights, or else the
  /// newest.
  public var best: EpochRecord? {
    networks.last { $0.epoch == bestEpoch } ?? networks.last { $0.isExact } ?? networks.last
  }
}
