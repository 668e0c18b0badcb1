import SkeinRecord

/// What a network says against what is true, sample by sample, where targets are values:
/// `skein plot predicted`.
public enum PredictionFigure {
  /// The most outputs that are drawn, the first ones.
  package static let limit = 12

  /// A panel per output after one epoch. A point on the diagonal is a sample that is told rightly.
  public static func svg(_ run: RunNumbers, epoch: EpochRecord, values: ValueRecord) -> SVG {
    let outputs = min(limit, values.outputs.count)
    let side = 300.0
    let columns = max(1, min(3, outputs))
    let rows = (outputs + columns - 1) / columns
    let title = "Predicted against true, after epoch \(epoch.epoch)"
    let subtitle = subtitle(run, values, shown: outputs)
    var svg = SVG(
      width: max(side * Double(columns) + 16, SVG.width(ofTitle: title, subtitle)),
      height: 46 + (side + 24) * Double(rows),
      title: "\(run.job.name), epoch \(epoch.epoch): predicted against true values")
    svg.text(title, x: 8, y: 18, "title")
    svg.text(subtitle, x: 8, y: 34, "small dim")
    for output in 0..<outputs {
      let (row, column) = output.quotientAndRemainder(dividingBy: columns)
      draw(
        output, of: values, name: run.facts.outputNames[output], into: &svg,
        x: 8 + side * Double(column), y: 46 + (side + 24) * Double(row), side: side - 12)
    }
    return svg
  }

  private static func subtitle(
    _ run: RunNumbers, _ values: ValueRecord, shown: Int
  ) -> String {
    let samples =
      values.rows.count < values.samples
      ? "\(values.rows.count) of \(values.samples)" : "\(values.samples)"
    return "\(samples) samples of \(run.facts.split); on the line both are equal"
      + (shown < values.outputs.count
        ? "; the first \(shown) of \(values.outputs.count) outputs" : "")
  }

  private static func draw(
    _ output: Int, of values: ValueRecord, name: String, into svg: inout SVG, x: Double, y: Double,
    side: Double
  ) {
    let places = stride(from: output, to: values.targets.count, by: values.outputs.count)
    let points = places.map { (Double(values.targets[$0]), Double(values.predictions[$0])) }
    let scores = values.outputs[output]
    let title = name.count > 40 ? String(name.prefix(39)) + "…" : name
    svg.text(title, x: x, y: y + 14, "title")
    svg.text(text(scores), x: x, y: y + 28, "small dim")
    // One range for both axes, so that the diagonal is where they are equal.
    let range = points.flatMap { [$0.0, $0.1] }
    let (left, bottom) = (x + 44, y + side - 14)
    let horizontal = Axis(values: range, from: left, to: x + side - 4, wanted: 4)
    let vertical = Axis(values: range, from: bottom, to: y + 36, wanted: 4)
    for tick in vertical.ticks {
      let place = vertical.place(tick)
      svg.line(horizontal.start, place, horizontal.end, place, "grid")
      svg.text(vertical.label(tick), x: left - 5, y: place + 3, "end small dim")
    }
    for tick in horizontal.ticks {
      let place = horizontal.place(tick)
      svg.line(place, vertical.start, place, vertical.end, "grid")
      svg.text(horizontal.label(tick), x: place, y: bottom + 13, "middle small dim")
    }
    svg.line(horizontal.start, vertical.start, horizontal.end, vertical.end, "axis")
    svg.text("true", x: horizontal.end, y: bottom + 26, "end small dim")
    svg.text("predicted", x: left + 4, y: y + 46, "small dim")
    svg.group([("class", PictureStyle.fill(0)), ("fill-opacity", 0.6)]) { svg in
      for (truth, prediction) in points {
        svg.add(
          "circle",
          [("cx", horizontal.place(truth)), ("cy", vertical.place(prediction)), ("r", 2.2)])
      }
    }
  }

  /// `R² 0.912, error 1.2, RMSE 1.7`.
  static func text(_ scores: ValueRecord.Scores) -> String {
    (scores.rSquared.map { "R² \(NumberFormat.decimal($0, 3)), " } ?? "")
      + "error \(NumberFormat.value(scores.meanAbsoluteError)), "
      + "RMSE \(NumberFormat.value(scores.rootMeanSquaredError))"
  }
}
