import SkeinBenchmark
import SkeinFiles
import SkeinTraining

/// The output of `skein evaluate`: loss and accuracy, then a row per class.
struct EvaluationText {
  let split: String
  let evaluation: Evaluation
  /// The class names, printable.
  let classes: [String]

  /// The most classes for which the confusion matrix is shown. Larger ones are printed by `--json`
  /// only.
  private static let mostColumns = 40
  /// The most columns of a class name above the matrix.
  private static let longestTitle = 8

  /// The text for a split.
  ///
  /// - Parameter classes: the class names as the run has them.
  init(split: String, _ evaluation: Evaluation, classes: [String]) {
    self.split = split.printable()
    self.evaluation = evaluation
    self.classes = classes.map { $0.printable() }
  }

  /// The text in lines of at most `width` columns. The confusion matrix stands beside precision and
  /// recall where it fits, or else below them.
  func text(width: Int) -> String {
    let head =
      "\(split): \(counted(evaluation.labels.count, "sample")), "
      + "loss \(decimals(evaluation.loss, 4)), accuracy \(percent(evaluation.accuracy ?? 0))"
    let reports = evaluation.classReports
    let names = (title: "class", cells: classes)
    let shares = [
      (title: "precision", cells: reports.map { $0.precision.map(percent) ?? "-" }),
      (title: "recall", cells: reports.map { $0.recall.map(percent) ?? "-" }),
    ]
    var lines = head.wrapped(to: width).split(separator: "\n").map(String.init) + [""]
    guard classes.count <= Self.mostColumns else {
      lines += TextTable([names] + shares).lines(width: width)
      let note = "(a confusion matrix of \(counted(classes.count, "class", "classes")): see --json)"
      return (lines + [note.wrapped(to: width)]).joined(separator: "\n")
    }
    let confusion = evaluation.confusion
    let answers = classes.indices.map { column in
      (
        title: classes[column].cut(to: Self.longestTitle),
        cells: classes.indices.map { String(confusion[$0][column]) }
      )
    }
    let whole = TextTable([names] + shares + answers).lines(width: width)
    // A line for the titles and one per class: the columns fit side by side.
    if whole.count == classes.count + 1 { return (lines + whole).joined(separator: "\n") }
    let note = "how often each class (a row) was taken for which (a column):"
    lines += TextTable([names] + shares).lines(width: width) + ["", note.wrapped(to: width)]
    lines += TextTable([names] + answers).lines(width: width)
    return lines.joined(separator: "\n")
  }
}
