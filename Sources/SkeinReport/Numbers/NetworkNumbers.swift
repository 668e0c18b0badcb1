/// The network as it stood after one epoch.
public struct NetworkNumbers: Sendable, Equatable {
  /// Completed epochs; 0 is before training.
  public var epoch: Int
  public var layers: [LayerNumbers]
  /// Two coordinates per probed sample: the last hidden state in its principal plane; empty where
  /// it was not recorded.
  public var plane: [Float]
  /// Which part of the variance the plane holds, in 0…1.
  public var explained: Double
  /// Which classes are taken for which; empty where nothing was evaluated.
  public var confusion: ConfusionNumbers
  /// Surest first.
  public var mistakes: [MistakeNumbers]

  public init(
    epoch: Int, layers: [LayerNumbers], plane: [Float] = [], explained: Double = 0,
    confusion: ConfusionNumbers = ConfusionNumbers(), mistakes: [MistakeNumbers] = []
  ) {
    self.epoch = epoch
    self.layers = layers
    self.plane = plane
    self.explained = explained
    self.confusion = confusion
    self.mistakes = mistakes
  }

  /// Whether its weights are the run's own Floats and not rounded.
  public var isExact: Bool {
    layers.allSatisfy { if case .exact = $0.weights { true } else { false } }
  }
}

/// One fully connected layer.
public struct LayerNumbers: Sendable, Equatable {
  /// Weights [out, in], row by row.
  public enum Weights: Sendable, Equatable {
    case exact([Float])
    /// (code − 31) · the row's scale, codes in 0…62.
    case coded(codes: [UInt8], scales: [Float])
  }

  public var outputs: Int
  public var inputs: Int
  public var weights: Weights
  public var biases: [Float]
  /// The trained slope of a parametric relu.
  public var slope: Float?
  public var weightHistogram: HistogramNumbers?
  public var gradientHistogram: HistogramNumbers?
  public var gradientNorm: Double?
  public var deadUnits: Int?

  public init(
    outputs: Int, inputs: Int, weights: Weights, biases: [Float], slope: Float? = nil,
    weightHistogram: HistogramNumbers? = nil, gradientHistogram: HistogramNumbers? = nil,
    gradientNorm: Double? = nil, deadUnits: Int? = nil
  ) {
    self.outputs = outputs
    self.inputs = inputs
    self.weights = weights
    self.biases = biases
    self.slope = slope
    self.weightHistogram = weightHistogram
    self.gradientHistogram = gradientHistogram
    self.gradientNorm = gradientNorm
    self.deadUnits = deadUnits
  }

  /// The weights as Floats, row by row. O(weights).
  public var values: [Float] {
    switch weights {
    case .exact(let values): values
    case .coded(let codes, let scales):
      codes.indices.map { Float(Int(codes[$0]) - 31) * scales[$0 / max(inputs, 1)] }
    }
  }
}

/// A histogram of equally wide bins.
public struct HistogramNumbers: Sendable, Equatable {
  public var low: Double
  public var high: Double
  public var counts: [Int]
  public var sum: Double
  public var sumOfSquares: Double

  public init(low: Double, high: Double, counts: [Int], sum: Double, sumOfSquares: Double) {
    self.low = low
    self.high = high
    self.counts = counts
    self.sum = sum
    self.sumOfSquares = sumOfSquares
  }

  /// How many values were counted.
  public var total: Int { counts.reduce(0, +) }
}

/// A wrong answer.
public struct MistakeNumbers: Sendable, Equatable {
  /// The sample's number in its split.
  public var row: Int
  public var label: Int
  public var predicted: Int
  /// The score of `predicted`.
  public var score: Double
  public var elements: SampleElements

  public init(row: Int, label: Int, predicted: Int, score: Double, elements: SampleElements) {
    self.row = row
    self.label = label
    self.predicted = predicted
    self.score = score
    self.elements = elements
  }
}

/// Samples with their numbers and labels.
public struct SampleNumbers: Sendable, Equatable {
  public var rows: [Int]
  public var labels: [Int]
  /// All samples' elements, one after the other.
  public var elements: SampleElements

  public init(rows: [Int], labels: [Int], elements: SampleElements) {
    self.rows = rows
    self.labels = labels
    self.elements = elements
  }

  /// What people call the sample of `row`: rows count from 0, samples from 1.
  static func name(_ row: Int) -> String { row < .max ? String(row + 1) : String(row) }

  /// The elements of sample `index`, of `size` elements each.
  public func floats(_ index: Int, size: Int) -> [Float] {
    elements[(index * size)..<((index + 1) * size)].floats
  }
}

/// Elements of samples, as their dataset stores them.
public enum SampleElements: Sendable, Equatable {
  case bytes([UInt8])
  case floats([Float])

  public var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): floats.count
    }
  }

  /// All elements as Floats.
  public var floats: [Float] {
    switch self {
    case .bytes(let bytes): bytes.map(Float.init)
    case .floats(let floats): floats
    }
  }

  /// Elements `range`.
  public subscript(range: Range<Int>) -> SampleElements {
    switch self {
    case .bytes(let bytes): .bytes(Array(bytes[range]))
    case .floats(let floats): .floats(Array(floats[range]))
    }
  }
}
