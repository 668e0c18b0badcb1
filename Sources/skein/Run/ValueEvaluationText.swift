import SkeinBenchmark
import SkeinFiles
import SkeinReport
import SkeinTraining

/// The output of `skein evaluate` for values: loss and errors, then a row per output.
struct ValueEvaluationText {
  let split: String
  let evaluation: Evaluation
  let values: ValueEvaluation

  /// The text for a split.
  init(split: String, _ evaluation: Evaluation, _ values: ValueEvaluation) {
    self.split = split.printable()
    self.evaluation = evaluation
    self.values = values
  }

  /// The text in lines of at most `width` columns.
  func text(width: Int) -> String {
    let overall = values.overall
    let head =
      "\(split): \(counted(evaluation.samples, "sample")), loss \(decimals(evaluation.loss, 4)), "
      + "mean absolute error \(NumberFormat.value(overall.meanAbsoluteError)), root mean squared "
      + "error \(NumberFormat.value(overall.rootMeanSquaredError)), R² \(Self.share(overall))"
      + (values.outputs.count > 1 ? " (means over \(values.outputs.count) outputs)" : "")
    let lines = head.wrapped(to: width).split(separator: "\n").map(String.init)
    let table = TextTable([
      (title: "value", cells: values.outputs.names.map { $0.printable() }),
      (
        title: "error", cells: values.scores.map { NumberFormat.value($0.meanAbsoluteError) }
      ),
      (
        title: "RMSE", cells: values.scores.map { NumberFormat.value($0.rootMeanSquaredError) }
      ),
      (title: "R²", cells: values.scores.map(Self.share)),
    ])
    return (lines + [""] + table.lines(width: width)).joined(separator: "\n")
  }

  private static func share(_ scores: ValueEvaluation.Scores) -> String {
    scores.rSquared.map { decimals($0, 4) } ?? "-"
  }
}

/// The output of `skein evaluate --json` for values.
struct ValueEvaluationReport: Encodable {
  /// The results of one output.
  struct Row: Encodable {
    let name: String
    let error: Double
    let rmse: Double
    let r2: Double?
  }

  let split: String
  let samples: Int
  let loss: Double
  /// Means over the outputs: of the absolute error, of the squared error (its root), and of R².
  let error: Double
  let rmse: Double
  let r2: Double?
  let outputs: [Row]

  init(split: String, _ evaluation: Evaluation, _ values: ValueEvaluation) {
    self.split = split
    samples = evaluation.samples
    loss = evaluation.loss
    error = values.overall.meanAbsoluteError
    rmse = values.overall.rootMeanSquaredError
    r2 = values.overall.rSquared
    outputs = zip(values.outputs.names, values.scores).map { name, scores in
      Row(
        name: name, error: scores.meanAbsoluteError, rmse: scores.rootMeanSquaredError,
        r2: scores.rSquared)
    }
  }
}
