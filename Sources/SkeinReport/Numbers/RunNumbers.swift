import SkeinRecord

/// Everything that pictures of one run are drawn from: plain numbers and texts.
///
/// Texts come from files of strangers; every writer of this module escapes them.
public struct RunNumbers: Sendable, Equatable {
  public var job: JobNumbers
  /// What no epoch changes: names, sizes, the machine, samples to look at.
  public var record: RunRecord
  /// A line of `metrics.jsonl` per epoch.
  public var epochs: [EpochMetrics]
  /// The network as it stood after some epochs, earliest first; the axes of their planes follow
  /// each other smoothly.
  public var networks: [EpochRecord]
  /// The best epoch; nil before the first one's end.
  public var bestEpoch: Int?
  /// How it was chosen, as "by test accuracy, on the test split".
  public var bestChoice: String?

  public init(
    job: JobNumbers, record: RunRecord, epochs: [EpochMetrics], networks: [EpochRecord],
    bestEpoch: Int? = nil, bestChoice: String? = nil
  ) {
    self.job = job
    self.record = record
    self.epochs = epochs
    self.networks = networks.aligned()
    self.bestEpoch = bestEpoch
    self.bestChoice = bestChoice
  }

  public var facts: RunRecord.Facts { record.facts }
  public var samples: LabelledSamples { record.samples }

  /// The network of the best epoch; else the exact one, or the newest.
  public var best: EpochRecord? {
    networks.last { $0.epoch == bestEpoch } ?? networks.last { $0.isExact } ?? networks.last
  }
}
