import SkeinData

/// How a model tells values, in the targets' own units.
public struct ValueEvaluation: Sendable, Equatable {
  /// How well one output is told, or all of them.
  public struct Scores: Sendable, Equatable {
    /// The mean of |prediction − target|, in the target's unit.
    public let meanAbsoluteError: Double
    /// √ of the mean of (prediction − target)², in the target's unit.
    public let rootMeanSquaredError: Double
    /// R², the share of the targets' variance that the predictions explain:
    /// 1 − Σ (prediction − target)² / Σ (target − mean)². 1 is perfect, and a model that always
    /// says the mean has 0. Nil where all targets are equal.
    public let rSquared: Double?
  }

  /// A sample whose values are told badly.
  public struct LargeError: Sendable, Equatable {
    /// The sample's number in its split.
    public let row: Int
    /// How far the prediction is from the target: the mean over the outputs of
    /// |prediction − target|, each in deviations of its output where targets are standardised.
    public let size: Double
  }

  /// The outputs' names, and how targets were standardised.
  public let outputs: ValueTargets
  /// The true values [n, outputs], row by row.
  public let targets: [Float]
  /// What the model says [n, outputs], row by row.
  public let predictions: [Float]
  /// How well each output is told.
  public let scores: [Scores]
  /// How well all outputs are told: means over the outputs of error, squared error and R². The
  /// error is what an epoch's line calls `testError`. Units mix where outputs have different ones.
  public let overall: Scores
  /// The samples with the largest errors, largest first; at most `Mistake.limit`.
  public let largestErrors: [LargeError]

  /// O(n · outputs), in Double and in the order of the samples.
  ///
  /// - Parameters:
  ///   - outputs: names and units.
  ///   - targets: what the source gives [n, outputs], standardised where `outputs` says so.
  ///   - predictions: what the network gives [n, outputs], likewise.
  init(_ outputs: ValueTargets, targets: [Float], predictions: [Float]) {
    let columns = outputs.count
    let rows = targets.count / max(columns, 1)
    func restored(_ values: [Float]) -> [Float] {
      values.indices.map { Float(outputs.restored(values[$0], $0 % columns)) }
    }
    self.outputs = outputs
    self.targets = restored(targets)
    self.predictions = restored(predictions)
    var sizes = [Double](repeating: 0, count: rows)
    var squaredErrors: [Double] = []
    scores = (0..<columns).map { column in
      let places = stride(from: column, to: targets.count, by: columns)
      let deviation = outputs.deviation(of: column)
      let mean = places.reduce(0.0) { $0 + Double(targets[$1]) } / Double(max(rows, 1))
      var (absolute, squared, total) = (0.0, 0.0, 0.0)
      for (row, place) in places.enumerated() {
        let error = Double(predictions[place]) - Double(targets[place])
        absolute += abs(error)
        squared += error * error
        total += (Double(targets[place]) - mean) * (Double(targets[place]) - mean)
        sizes[row] += abs(error) / Double(columns)
      }
      let count = Double(max(rows, 1))
      squaredErrors.append(squared / count * deviation * deviation)
      return Scores(
        meanAbsoluteError: absolute / count * deviation,
        rootMeanSquaredError: (squared / count).squareRoot() * deviation,
        rSquared: total > 0 ? 1 - squared / total : nil)
    }
    func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(max(values.count, 1))
    }
    let known = scores.compactMap(\.rSquared)
    overall = Scores(
      meanAbsoluteError: mean(scores.map(\.meanAbsoluteError)),
      rootMeanSquaredError: mean(squaredErrors).squareRoot(),
      rSquared: known.isEmpty ? nil : mean(known))
    let worst = sizes.indices.sorted { sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : $0 < $1 }
    largestErrors = worst.prefix(Mistake.limit).filter { sizes[$0] > 0 }
      .map { LargeError(row: $0, size: sizes[$0]) }
  }

  /// How many samples there are.
  public var count: Int { targets.count / max(outputs.count, 1) }

  /// The true values of sample `row`, in their own units.
  public func target(of row: Int) -> [Float] { part(of: targets, row) }

  /// What the model says of sample `row`.
  public func prediction(of row: Int) -> [Float] { part(of: predictions, row) }

  private func part(of values: [Float], _ row: Int) -> [Float] {
    Array(values[(row * outputs.count)..<((row + 1) * outputs.count)])
  }
}
