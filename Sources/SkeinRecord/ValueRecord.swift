/// How a network tells values after an epoch: what pictures of that are drawn from. In the targets'
/// own units.
public struct ValueRecord: Sendable, Equatable {
  /// How well one output is told, or all of them.
  public struct Scores: Codable, Sendable, Equatable {
    /// The mean of |prediction − target|, ≥ 0.
    public var meanAbsoluteError: Double
    /// √ of the mean of (prediction − target)², ≥ 0.
    public var rootMeanSquaredError: Double
    /// The share of the targets' variance that is explained, at most 1; nil where they are equal.
    public var rSquared: Double?

    /// Nothing is checked: a file of a history is, when it is read.
    public init(meanAbsoluteError: Double, rootMeanSquaredError: Double, rSquared: Double?) {
      self.meanAbsoluteError = meanAbsoluteError
      self.rootMeanSquaredError = rootMeanSquaredError
      self.rSquared = rSquared
    }
  }

  /// A sample whose values are told badly.
  public struct LargeError: Sendable, Equatable {
    /// The sample's number in its split, from 0.
    public var row: Int
    /// Its true values, one per output.
    public var target: [Float]
    /// What the network says, likewise.
    public var prediction: [Float]
    /// The sample itself, as its dataset stores it.
    public var sample: SampleElements

    /// Nothing is checked: a file of a history is, when it is read.
    public init(row: Int, target: [Float], prediction: [Float], sample: SampleElements) {
      self.row = row
      self.target = target
      self.prediction = prediction
      self.sample = sample
    }
  }

  /// How well each output is told, in their order.
  public var outputs: [Scores]
  /// How well all of them are told: means over the outputs.
  public var overall: Scores
  /// How many samples were evaluated.
  public var samples: Int
  /// The numbers of those samples whose values are kept, spread over the split.
  public var rows: [Int]
  /// Their true values [`rows.count`, `outputs.count`].
  public var targets: [Float]
  /// What the network says of them, likewise.
  public var predictions: [Float]
  /// The samples with the largest errors, largest first.
  public var largest: [LargeError]

  /// Nothing is checked: a file of a history is, when it is read.
  public init(
    outputs: [Scores], overall: Scores, samples: Int, rows: [Int], targets: [Float],
    predictions: [Float], largest: [LargeError]
  ) {
    self.outputs = outputs
    self.overall = overall
    self.samples = samples
    self.rows = rows
    self.targets = targets
    self.predictions = predictions
    self.largest = largest
  }

  /// The most values of each kind that are kept, unless there are more outputs.
  public static let limit = 8192
  /// The most samples whose values are kept.
  public static let mostRows = 1000

  /// The samples whose values are kept, of `count` samples with `outputs` values each.
  public static func kept(of count: Int, outputs: Int) -> [Int] {
    RunRecord.spread(min(mostRows, max(1, limit / max(outputs, 1))), over: count)
  }
}
