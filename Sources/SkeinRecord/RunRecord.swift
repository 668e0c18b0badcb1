/// What pictures of a run need that no epoch changes: names, sizes, the machine, and some samples
/// of the test split.
public struct RunRecord: Sendable, Equatable {
  /// What targets are that are values.
  public struct Targets: Codable, Sendable, Equatable {
    /// The name of each output.
    public var names: [String]
    /// What was taken off each output's targets; nil where they stayed as they were.
    public var mean: [Double]?
    /// What each output's targets were divided by, > 0; nil where they stayed as they were.
    public var deviation: [Double]?

    /// Nothing is checked: a file of a history is, when it is read.
    public init(names: [String], mean: [Double]? = nil, deviation: [Double]? = nil) {
      self.names = names
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// The texts and numbers, as JSON in the file's metadata.
  public struct Facts: Codable, Sendable, Equatable {
    /// The dataset's name.
    public var dataset: String
    /// The names of the classes: label `i` means `classes[i]`. None where targets are values.
    public var classes: [String]
    /// The outputs' names and units, where targets are values; nil where they are classes.
    public var targets: Targets?
    /// The dimensions of a sample, each > 0.
    public var sampleShape: [Int]
    /// What every element of a sample is divided by, > 0.
    public var scale: Float
    /// How many samples the training split has.
    public var trainSamples: Int
    /// The name of the split that samples, activations and answers are from; empty where it has
    /// none.
    public var split: String
    /// How many samples that split has.
    public var splitSamples: Int
    /// How many of the recorded samples the probe looks at.
    public var probeSamples: Int
    /// How many training samples gradients are computed from.
    public var gradientSamples: Int
    /// How many numbers are trained: weights, biases and slopes.
    public var parameters: Int
    /// How many shards each batch is cut into, ≥ 1.
    public var batchShards: Int
    /// How many threads the run began with, ≥ 1.
    public var threads: Int
    /// The machine's name in its network.
    public var host: String
    /// The processor's name, as the system gives it.
    public var processor: String
    /// How many cores the process may use, ≥ 1.
    public var cores: Int
    /// The operating system's name and version.
    public var system: String

    /// Nothing is checked: a file of a history is, when it is read.
    public init(
      dataset: String, classes: [String], targets: Targets? = nil, sampleShape: [Int],
      scale: Float, trainSamples: Int, split: String, splitSamples: Int, probeSamples: Int,
      gradientSamples: Int, parameters: Int,
      batchShards: Int, threads: Int, host: String, processor: String, cores: Int, system: String
    ) {
      self.dataset = dataset
      self.classes = classes
      self.targets = targets
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

    /// The names of the network's outputs: of the classes, or of the values.
    public var outputNames: [String] { targets?.names ?? classes }
  }

  /// Names, sizes and the machine.
  public var facts: Facts
  /// Samples to look at, from the split that `facts` names.
  public var samples: LabelledSamples

  /// Nothing is checked: a file of a history is, when it is read.
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
