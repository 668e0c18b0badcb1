import Foundation
import SkeinRecord

/// What the page's script works with, as JSON: numbers that are many stand in base 64.
struct PageData: Encodable {
  /// The job's and the run's numbers side by side.
  struct Facts: Encodable {
    let job: JobNumbers
    let facts: RunRecord.Facts
    /// The run's last epoch.
    let lastEpoch: Int

    enum Keys: CodingKey {
      case dataset, classes, sampleShape, scale, trainSamples, split, splitSamples
      case gradientSamples, parameters, batchShards, threads, host, processor, cores, system
      case lastEpoch
    }

    func encode(to encoder: any Encoder) throws {
      try job.encode(to: encoder)
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(facts.dataset, forKey: .dataset)
      try container.encode(facts.classes, forKey: .classes)
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

  /// Bytes with their runs of zeros coded, or Floats.
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

  struct Samples: Encodable {
    let rows: [Int]
    let labels: [Int]
    let elements: Elements
  }

  struct Layer: Encodable {
    let outputs: Int
    let inputs: Int
    /// Exact weights as Floats; or a character of base 64 per weight, and a scale per row.
    var weights: String?
    var codes: String?
    var scales: String?
    let bias: String
    let slope: Float?
  }

  struct Mistake: Encodable {
    let row: Int
    let label: Int
    let predicted: Int
    let score: Double
    let elements: Elements
  }

  /// Which classes were taken for which: a table of few classes, or the most frequent mistakes.
  struct Answers: Encodable {
    /// A table of more classes would not be read.
    static let tabledClasses = 32
    static let listedPairs = 30

    package let samples: Int
    let right: Int
    var table: [[Int]]?
    /// Class, answer, how often.
    var pairs: [[Int]]?
    let kinds: Int

    /// Nil where nothing was evaluated.
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

  struct Network: Encodable {
    let epoch: Int
    let exact: Bool
    let layers: [Layer]
    let plane: String
    let explained: Double
    let answers: Answers?
    let mistakes: [Mistake]
  }

  let facts: Facts
  let epochs: [EpochMetrics]
  package let samples: Samples
  let probed: [Int]
  let networks: [Network]
  let colours: [String]
  /// The best epoch, and how it was chosen.
  let best: Int?
  let bestChoice: String?

  /// - Parameter budget: about how many characters the weights may take.
  init(_ run: RunNumbers, budget: Int) {
    let last = max(run.epochs.last?.epoch ?? 0, run.networks.last?.epoch ?? 0)
    facts = Facts(job: run.job, facts: run.facts, lastEpoch: last)
    epochs = run.epochs
    samples = Samples(
      rows: run.samples.rows, labels: run.samples.labels, elements: Elements(run.samples.elements))
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
