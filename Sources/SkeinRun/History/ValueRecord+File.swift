import SkeinData
import SkeinRecord
import SkeinSafetensors
import SkeinTraining

extension ValueRecord {
  private static let name = "values"

  /// What is recorded of `evaluation`. Numbers beyond Float become its largest ones: files hold
  /// finite numbers only.
  ///
  /// - Parameter source: the samples that were evaluated.
  /// - Throws: what the source throws.
  init(_ evaluation: ValueEvaluation, of source: any SampleSource) throws {
    func finite(_ values: [Float]) -> [Float] {
      let most = Float.greatestFiniteMagnitude
      return values.map { $0.isNaN ? 0 : min(max($0, -most), most) }
    }
    func scores(_ scores: ValueEvaluation.Scores) -> Scores {
      Scores(
        meanAbsoluteError: scores.meanAbsoluteError,
        rootMeanSquaredError: scores.rootMeanSquaredError, rSquared: scores.rSquared)
    }
    let rows = Self.kept(of: evaluation.count, outputs: evaluation.outputs.count)
    self.init(
      outputs: evaluation.scores.map(scores), overall: scores(evaluation.overall),
      samples: evaluation.count, rows: rows,
      targets: rows.flatMap { finite(evaluation.target(of: $0)) },
      predictions: rows.flatMap { finite(evaluation.prediction(of: $0)) },
      largest: try evaluation.largestErrors.map { error in
        LargeError(
          row: error.row, target: finite(evaluation.target(of: error.row)),
          prediction: finite(evaluation.prediction(of: error.row)),
          sample: try SampleElements([error.row], of: source))
      })
  }

  /// Adds the record to an epoch's file.
  ///
  /// - Parameters:
  ///   - metadata: the file's metadata.
  ///   - add: adds a tensor to the file.
  func add(
    to metadata: inout [String: String],
    _ add: (_ name: String, _ shape: [Int], _ values: Safetensors.Values) -> Void
  ) {
    let (name, width) = (Self.name, outputs.count)
    metadata[name + ".outputs"] = String(width)
    metadata[name + ".samples"] = String(samples)
    for (key, scores) in [("all", overall)] + outputs.enumerated().map({ (String($0), $1) }) {
      metadata["\(name).\(key).absoluteError"] = String(scores.meanAbsoluteError)
      metadata["\(name).\(key).squaredError"] = String(scores.rootMeanSquaredError)
      if let share = scores.rSquared { metadata["\(name).\(key).rSquared"] = String(share) }
    }
    add(name + ".rows", [rows.count], .int64(rows.map(Int64.init)))
    add(name + ".targets", [rows.count, width], .float32(targets))
    add(name + ".predictions", [rows.count, width], .float32(predictions))
    add(name + ".largest", [largest.count], .int64(largest.map { Int64($0.row) }))
    add(
      name + ".largest.targets", [largest.count, width], .float32(largest.flatMap(\.target)))
    add(
      name + ".largest.predictions", [largest.count, width],
      .float32(largest.flatMap(\.prediction)))
    for (index, error) in largest.enumerated() {
      add(name + ".largest.\(index)", [error.sample.count], error.sample.tensorValues)
    }
  }

  /// Reads what `add` added; nil where there is no such record.
  ///
  /// - Parameters:
  ///   - outputs: how many outputs the network has.
  ///   - inputs: how many elements a sample has.
  /// - Throws: `FormatError` for a record that no evaluation gives.
  init?(_ stored: RecordReader, outputs width: Int, inputs: Int) throws {
    let name = Self.name
    guard stored.metadata(name + ".outputs") != nil else { return nil }
    let fault = stored.fault(name, expected: "values of \(width) outputs, with predictions")
    guard try stored.count(name + ".outputs") == width else { throw fault }
    func scores(_ key: String) throws -> Scores {
      let place = "\(name).\(key)."
      let scores = Scores(
        meanAbsoluteError: try stored.number(place + "absoluteError"),
        rootMeanSquaredError: try stored.number(place + "squaredError"),
        rSquared: stored.metadata(place + "rSquared") == nil
          ? nil : try stored.number(place + "rSquared"))
      guard scores.meanAbsoluteError >= 0, scores.rootMeanSquaredError >= 0,
        scores.rSquared ?? 0 <= 1
      else { throw fault }
      return scores
    }
    let rows = try stored.integers(name + ".rows")
    let targets = try stored.floats(name + ".targets")
    let predictions = try stored.floats(name + ".predictions")
    let largest = try stored.integers(name + ".largest")
    let largestTargets = try stored.floats(name + ".largest.targets")
    let largestPredictions = try stored.floats(name + ".largest.predictions")
    guard rows.count <= Self.mostRows, largest.count <= Mistake.limit,
      [targets, predictions].allSatisfy({ $0.count == rows.count * width }),
      [largestTargets, largestPredictions].allSatisfy({ $0.count == largest.count * width })
    else { throw fault }
    self.init(
      outputs: try (0..<width).map { try scores(String($0)) }, overall: try scores("all"),
      samples: try stored.count(name + ".samples"), rows: rows, targets: targets,
      predictions: predictions,
      largest: try largest.enumerated().map { index, row in
        let places = (index * width)..<((index + 1) * width)
        let sample = try stored.samples(name + ".largest.\(index)")
        guard sample.count == inputs else { throw fault }
        return LargeError(
          row: row, target: Array(largestTargets[places]),
          prediction: Array(largestPredictions[places]), sample: sample)
      })
  }
}

extension ValueTargets {
  /// What a history knows of them.
  init(_ targets: RunRecord.Targets) {
    self.init(names: targets.names, mean: targets.mean, deviation: targets.deviation)
  }
}

extension RunRecord.Facts {
  /// What the targets are.
  var target: TargetKind { targets.map { .values($0.names.count) } ?? .classes(classes.count) }
}

extension RunRecord.Targets {
  /// What a history keeps of them.
  init(_ targets: ValueTargets) {
    self.init(names: targets.names, mean: targets.mean, deviation: targets.deviation)
  }
}
