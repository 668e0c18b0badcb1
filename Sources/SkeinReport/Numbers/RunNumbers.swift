import SkeinRecord

/// Everything that pictures of one run are drawn from: plain numbers and texts.
///
/// Texts come from files of strangers; every writer of this module escapes them.
public struct RunNumbers: Sendable, Equatable {
  public var facts: RunFacts
  /// A line of `metrics.jsonl` per epoch.
  public var epochs: [EpochNumbers]
  /// The network as it stood after some epochs, earliest first; the axes of their planes follow
  /// each other smoothly.
  public var networks: [EpochRecord]
  /// Samples to look at, with their numbers in their split and their labels.
  public var samples: LabelledSamples
  /// Which of the samples `EpochRecord.plane` places, in its order.
  public var probed: [Int]
  /// The best epoch; nil before the first one's end.
  public var bestEpoch: Int?
  /// How it was chosen, as "by test accuracy, on the test split".
  public var bestChoice: String?

  public init(
    facts: RunFacts, epochs: [EpochNumbers], networks: [EpochRecord], samples: LabelledSamples,
    probed: [Int], bestEpoch: Int? = nil, bestChoice: String? = nil
  ) {
    self.bestEpoch = bestEpoch
    self.bestChoice = bestChoice
    self.facts = facts
    self.epochs = epochs
    self.networks = networks.aligned()
    self.samples = samples
    self.probed = probed
  }

  /// The network of the best epoch; else the exact one, or the newest.
  public var best: EpochRecord? {
    networks.last { $0.epoch == bestEpoch } ?? networks.last { $0.isExact } ?? networks.last
  }
}

/// What no epoch changes.
public struct RunFacts: Codable, Sendable, Equatable {
  public var name: String
  /// The resolved job file.
  public var job: String
  public var dataset: String
  public var classes: [String]
  /// The dimensions of a sample, such as [28, 28].
  public var sampleShape: [Int]
  /// What every element of a sample is divided by before it enters the network.
  public var scale: Double
  public var trainSamples: Int
  /// The split that samples and answers are from, and its size.
  public var split: String
  public var splitSamples: Int
  /// How many training samples each epoch's gradient is computed from.
  public var gradientSamples: Int
  /// Elements of a sample, neurons of each hidden layer, classes.
  public var widths: [Int]
  /// The name of the activation in job files, and its constant where it has one.
  public var activation: String
  public var activationConstant: Double?
  /// Whether the scores are probabilities: softmax of the logits, not the logits themselves.
  public var usesSoftmax: Bool
  public var loss: String
  public var learningRate: Double
  public var parameters: Int
  public var batchSize: Int
  public var batchShards: Int
  public var threads: Int
  public var host: String
  public var processor: String
  public var cores: Int
  public var system: String

  public init(
    name: String, job: String, dataset: String, classes: [String], sampleShape: [Int],
    scale: Double, trainSamples: Int, split: String, splitSamples: Int, gradientSamples: Int,
    widths: [Int], activation: String, activationConstant: Double?, usesSoftmax: Bool,
    loss: String, learningRate: Double, parameters: Int, batchSize: Int, batchShards: Int,
    threads: Int, host: String, processor: String, cores: Int, system: String
  ) {
    self.name = name
    self.job = job
    self.dataset = dataset
    self.classes = classes
    self.sampleShape = sampleShape
    self.scale = scale
    self.trainSamples = trainSamples
    self.split = split
    self.splitSamples = splitSamples
    self.gradientSamples = gradientSamples
    self.widths = widths
    self.activation = activation
    self.activationConstant = activationConstant
    self.usesSoftmax = usesSoftmax
    self.loss = loss
    self.learningRate = learningRate
    self.parameters = parameters
    self.batchSize = batchSize
    self.batchShards = batchShards
    self.threads = threads
    self.host = host
    self.processor = processor
    self.cores = cores
    self.system = system
  }
}

/// One line of `metrics.jsonl`, as far as pictures need it.
public struct EpochNumbers: Codable, Sendable, Equatable {
  /// From 1.
  public var epoch: Int
  /// Steps since the run began.
  public var step: Int
  public var trainLoss: Double
  public var trainAccuracy: Double
  public var testLoss: Double?
  public var testAccuracy: Double?
  /// Of the training part.
  public var samplesPerSecond: Double
  /// Of the whole epoch.
  public var seconds: Double
  public var threads: Int
  /// The rate of the epoch's last step, where the run recorded it.
  public var learningRate: Double?
  /// Seconds that each worker spent per part of the work, where the run recorded them.
  public var workers: [[String: Double]]?
  /// What was wrong with the network after the epoch, where something was.
  public var warnings: [String]?

  public init(
    epoch: Int, step: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double? = nil,
    testAccuracy: Double? = nil, samplesPerSecond: Double, seconds: Double, threads: Int,
    learningRate: Double? = nil, workers: [[String: Double]]? = nil, warnings: [String]? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.samplesPerSecond = samplesPerSecond
    self.seconds = seconds
    self.threads = threads
    self.learningRate = learningRate
    self.workers = workers
    self.warnings = warnings
  }
}
