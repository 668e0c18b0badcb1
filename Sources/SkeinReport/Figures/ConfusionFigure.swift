import SkeinRecord

/// The confusion matrix as a square of counts: `skein plot confusion`.
public enum ConfusionFigure {
  /// The most classes that are drawn: those with the most mistakes. No program could open the
  /// picture of a matrix of thousands.
  package static let limit = 100

  /// The confusion matrix after one epoch. Rows are the samples' classes, columns the predicted
  /// ones.
  public static func svg(_ run: RunNumbers, epoch: EpochRecord) -> SVG {
    let chosen = epoch.confusion.shown(limit)
    let classes = chosen.map { epoch.confusion.classes[$0] }
    let counts = epoch.confusion.matrix(chosen)
    let count = chosen.count
    let side = count <= 12 ? 40.0 : max(6, 480 / Double(max(count, 1)))
    let hasNumbers = side >= 24
    let names = chosen.map { index in
      let name = run.facts.classes[index]
      return name.count > 16 ? String(name.prefix(15)) + "…" : name
    }
    let left = max(68, 24 + 6.8 * Double(names.map(\.count).max() ?? 0))
    let top = 74.0 + (names.contains { $0.count > 5 } ? 40 : 0)
    let title = "Answers after epoch \(epoch.epoch)"
    let subtitle =
      "samples of \(run.facts.split): rows are classes, columns what they were taken for"
    // The matrix of a few classes is narrower than the texts above it.
    var svg = SVG(
      width: max(left + side * Double(count) + 150, SVG.width(ofTitle: title, subtitle)),
      height: top + side * Double(count) + 40,
      title: "\(run.job.name), epoch \(epoch.epoch): confusion matrix")
    svg.text(title, x: 8, y: 18, "title")
    svg.text(subtitle, x: 8, y: 34, "small dim")
    if count < epoch.confusion.classes.count {
      svg.text(
        "shown: the \(count) of \(epoch.confusion.classes.count) classes with most mistakes",
        x: 8, y: 48, "small dim")
    }
    for row in 0..<count {
      let sum = classes[row].support
      let y = top + side * Double(row)
      if hasNumbers || count <= 40 { svg.text(names[row], x: left - 8, y: y + side / 2 + 4, "end") }
      for column in 0..<count {
        drawCell(
          counts[row][column], of: sum, isRight: row == column, hasNumber: hasNumbers, into: &svg,
          x: left + side * Double(column), y: y, side: side,
          hint: "\(names[row]) taken for \(names[column]): \(counts[row][column])")
      }
      if hasNumbers {
        svg.text(
          share(classes[row].correct, sum), x: left + side * Double(count) + 56,
          y: y + side / 2 + 4,
          "end dim")
      }
    }
    guard hasNumbers else { return svg }
    svg.text("recall", x: left + side * Double(count) + 56, y: top - 8, "end small dim")
    svg.text("precision %", x: left - 8, y: top + side * Double(count) + 18, "end small dim")
    for column in 0..<count {
      let x = left + side * (Double(column) + 0.5)
      // Percent signs have no room in a row that is as dense as its columns.
      let (right, answers) = (classes[column].correct, classes[column].predicted)
      let precision =
        answers == 0
        ? "–" : NumberFormat.decimal(100 * Double(right) / Double(answers), side < 40 ? 0 : 1)
      svg.text(precision, x: x, y: top + side * Double(count) + 18, "middle small dim")
      let isLong = names.contains { $0.count > 5 }
      let place = "translate(\(SVG.number(x)) \(SVG.number(top - 8)))"
      svg.group([("transform", isLong ? place + " rotate(-40)" : place)]) {
        $0.text(names[column], x: 0, y: 0, isLong ? "" : "middle")
      }
    }
    return svg
  }

  private static func drawCell(
    _ count: Int, of sum: Int, isRight: Bool, hasNumber: Bool, into svg: inout SVG, x: Double,
    y: Double, side: Double, hint: String
  ) {
    let share = sum > 0 ? Double(count) / Double(sum) : 0
    // Mistakes are rare, so a quarter of a class has the full strength already.
    let strength = isRight ? share * 0.55 : min(1, share * 4) * 0.75
    svg.rectangle(
      x, y, side - 1, side - 1,
      [
        ("class", isRight ? "positiveFill" : "negativeFill"),
        ("fill-opacity", strength),
      ], hint: hint)
    if hasNumber {
      svg.text(count == 0 ? "·" : "\(count)", x: x + side / 2, y: y + side / 2 + 4, "middle")
    }
  }

  private static func share(_ part: Int, _ whole: Int) -> String {
    whole == 0 ? "–" : NumberFormat.percent(Double(part) / Double(whole))
  }
}
