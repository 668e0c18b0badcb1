import Foundation
import SkeinRecord

/// The data of the page's script, as JSON. Long lists of numbers are in base 64.
struct PageData: Encodable {
  /// The numbers of the job and of the run, in one object.
  struct Facts: Encodable {
    let job: JobNumbers
    let facts: RunRecord.Facts
    /// The run's last epoch.
    let lastEpoch: Int

    enum Keys: CodingKey {
      case dataset, classes, targets, sampleShape, scale, trainSamples, split, splitSamples
      case gradientSamples, parameters, batchShards, threads, host, processor, cores, system
      case lastEpoch
    }

    func encode(to encoder: any Encoder) throws {
      try job.encode(to: encoder)
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(facts.dataset, forKey: .dataset)
      try container.encode(facts.classes, forKey: .classes)
      try container.encodeIfPresent(facts.targets, forKey: .targets)
      try container.encode(facts.sampleShape, forKey: .sampleShape)
      try container.encode(Double(facts.scale), forKey: .scale)
      try container.encode(facts.trainSamples, forKey: .trainSamples)
      try container.encode(facts.split, forKey: .split)
      try container.encode(facts.splitSamples, forKey: .splitSamples)
      try container.encode(facts.gradientSamples, forKey: .gradientSamples)
      try container.encode(facts.parameters, forKey: .parameters)
      try container.encode(facts.batchShards, forKey: .batchShards)
      try container.encode(facts.threads, forKey: .threads)
      try container.encode(facts.host, forKey: .host)
      try container.encode(facts.processor, forKey: .processor)
      try container.encode(facts.cores, forKey: .cores)
      try container.encode(facts.system, forKey: .system)
      try container.encode(lastEpoch, forKey: .lastEpoch)
    }
  }

  /// Elements of samples in base 64: bytes in the code of `ZeroRuns`, or Floats.
  struct Elements: Encodable {
    var bytes: String?
    var floats: String?

    init(_ elements: SampleElements) {
      switch elements {
      case .bytes(let values): bytes = Base64.text(ZeroRuns.encode(values))
      case .floats(let values): floats = Base64.text(values)
      }
    }
  }

  /// Samples with their numbers and labels.
  struct Samples: Encodable {
    let rows: [Int]
    /// The group of each, which decides its colour: its class, or where targets are values, the
    /// fifth of the first output's values.
    let labels: [Int]
    /// What each is in words, where targets are values; nil for the names of the classes.
    let truths: [String]?
    let elements: Elements
  }

  /// How values are told after an epoch.
  struct Values: Encodable {
    /// A sample whose values are told badly.
    struct LargeError: Encodable {
      let row: Int
      let target: [Float]
      let prediction: [Float]
      let elements: Elements
    }

    let outputs: [ValueRecord.Scores]
    let overall: ValueRecord.Scores
    let samples: Int
    let rows: [Int]
    /// A value per row and output, as Floats in base 64.
    let targets: String
    let predictions: String
    let largest: [LargeError]

    init(_ values: ValueRecord) {
      (outputs, overall, samples, rows) =
        (values.outputs, values.overall, values.samples, values.rows)
      targets = Base64.text(values.targets)
      predictions = Base64.text(values.predictions)
      largest = values.largest.map {
        LargeError(
          row: $0.row, target: $0.target, prediction: $0.prediction, elements: .init($0.sample))
      }
    }
  }

  /// One layer after an epoch.
  struct Layer: Encodable {
    let outputs: Int
    let inputs: Int
    /// Exact weights, as Floats in base 64; nil where they are quantized.
    var weights: String?
    /// Quantized weights, one character of base 64 per weight; nil where they are exact.
    var codes: String?
    /// The scale of each row of quantized weights, as Floats in base 64.
    var scales: String?
    let bias: String
    let slope: Float?
  }

  /// A wrong prediction with its sample.
  struct Mistake: Encodable {
    let row: Int
    let label: Int
    let predicted: Int
    let score: Double
    let elements: Elements
  }

  /// The confusion counts: a table where there are few classes, or else the most frequent pairs.
  struct Answers: Encodable {
    /// The most classes that get a table. Nobody would read a larger one.
    static let tabledClasses = 32
    /// How many pairs are listed where there is no table.
    static let listedPairs = 30

    /// How many samples were evaluated.
    package let samples: Int
    /// How many of them were recognised.
    let right: Int
    /// A row per class, a column per predicted class.
    var table: [[Int]]?
    /// For each pair: class, predicted class, how many samples.
    var pairs: [[Int]]?
    /// How many different pairs occur.
    let kinds: Int

    /// The counts of `confusion`; nil where nothing was evaluated.
    init?(_ confusion: Confusion) {
      guard !confusion.isEmpty else { return nil }
      samples = confusion.classes.reduce(0) { $0 + $1.support }
      right = confusion.classes.reduce(0) { $0 + $1.correct }
      kinds = confusion.kinds
      if confusion.classes.count <= Self.tabledClasses {
        table = confusion.matrix(Array(confusion.classes.indices))
      } else {
        pairs = confusion.mostFrequent(Self.listedPairs).map { [$0.label, $0.predicted, $0.count] }
      }
    }
  }

  /// The network after an epoch.
  struct Network: Encodable {
    let epoch: Int
    /// Whether the weights are exact.
    let exact: Bool
    let layers: [Layer]
    /// Two coordinates per sample of the probe, as Floats in base 64.
    let plane: String
    /// The share of the hidden states' variance that lies in the plane, 0…1.
    let explained: Double
    let answers: Answers?
    let mistakes: [Mistake]
    let values: Values?
  }

  let facts: Facts
  let epochs: [EpochMetrics]
  /// The samples to look at.
  package let samples: Samples
  /// Which of them the probe looks at.
  let probed: [Int]
  let networks: [Network]
  /// The colours of classes.
  let colours: [String]
  /// The names of the samples' groups where targets are values; nil for those of the classes.
  let groups: [String]?
  /// The number of the best epoch.
  let best: Int?
  /// How the best epoch was chosen.
  let bestChoice: String?

  /// - Parameter budget: about how many characters the weights may take.
  init(_ run: RunNumbers, budget: Int) {
    let last = max(run.epochs.last?.epoch ?? 0, run.networks.last?.epoch ?? 0)
    facts = Facts(job: run.job, facts: run.facts, lastEpoch: last)
    epochs = run.epochs
    let areValues = run.facts.targets != nil
    let grouped = SampleGroups(run)
    groups = areValues ? grouped.names : nil
    samples = Samples(
      rows: run.samples.rows, labels: grouped.labels,
      truths: areValues
        ? run.samples.rows.indices.map { run.facts.truth($0, of: run.samples) } : nil,
      elements: Elements(run.samples.elements))
    probed = run.record.probed
    networks = PageBudget.chosen(run.networks, budget: budget).map(Network.init)
    colours = PictureStyle.classes
    (best, bestChoice) = (run.bestEpoch, run.bestChoice)
  }
}

extension PageData.Network {
  init(_ network: EpochRecord) {
    epoch = network.epoch
    exact = network.isExact
    layers = network.layers.map(PageData.Layer.init)
    plane = Base64.text(network.plane)
    explained = network.explained
    answers = .init(network.confusion)
    mistakes = network.mistakes.map {
      PageData.Mistake(
        row: $0.row, label: $0.label, predicted: $0.predicted, score: $0.score,
        elements: .init($0.sample))
    }
    values = network.values.map(PageData.Values.init)
  }
}

extension PageData.Layer {
  init(_ layer: LayerRecord) {
    outputs = layer.outputs
    inputs = layer.inputs
    bias = Base64.text(layer.biases)
    slope = layer.slope
    switch layer.weights {
    case .exact(let values): weights = Base64.text(values)
    case .quantized(let matrix):
      codes = Base64.characters(matrix.codes)
      scales = Base64.text(matrix.scales)
    }
  }
}
