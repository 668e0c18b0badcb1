/// What pictures of a run need that no epoch changes: names, sizes, the machine, and some samples
/// of the test split.
public struct RunRecord: Sendable, Equatable {
  /// The texts and numbers, as JSON in the file's metadata.
  public struct Facts: Codable, Sendable, Equatable {
    public var dataset: String
    public var classes: [String]
    public var sampleShape: [Int]
    /// What every element of a sample is divided by.
    public var scale: Float
    public var trainSamples: Int
    /// The split that samples, activations and answers are from, and its size.
    public var split: String
    public var splitSamples: Int
    /// How many of the recorded samples the probe looks at.
    public var probeSamples: Int
    /// How many training samples gradients are computed from.
    public var gradientSamples: Int
    public var parameters: Int
    public var batchShards: Int
    public var threads: Int
    public var host: String
    public var processor: String
    public var cores: Int
    public var system: String

    public init(
      dataset: String, classes: [String], sampleShape: [Int], scale: Float, trainSamples: Int,
      split: String, splitSamples: Int, probeSamples: Int, gradientSamples: Int, parameters: Int,
      batchShards: Int, threads: Int, host: String, processor: String, cores: Int, system: String
    ) {
      self.dataset = dataset
      self.classes = classes
      self.sampleShape = sampleShape
      self.scale = scale
      self.trainSamples = trainSamples
      self.split = split
      self.splitSamples = splitSamples
      self.probeSamples = probeSamples
      self.gradientSamples = gradientSamples
      self.parameters = parameters
      self.batchShards = batchShards
      self.threads = threads
      self.host = host
      self.processor = processor
      self.cores = cores
      self.system = system
    }
  }

  public var facts: Facts
  /// Samples to look at.
  public var samples: LabelledSamples

  public init(facts: Facts, samples: LabelledSamples) {
    self.facts = facts
    self.samples = samples
  }

  /// Which of the recorded samples the probe looks at, in the order of `EpochRecord.plane`.
  public var probed: [Int] { Self.spread(facts.probeSamples, over: samples.rows.count) }

  /// `wanted` numbers, evenly spread over 0..<`count`; all of them if there are no more.
  public static func spread(_ wanted: Int, over count: Int) -> [Int] {
    let chosen = min(wanted, count)
    return (0..<chosen).map { $0 * count / chosen }
  }
}
