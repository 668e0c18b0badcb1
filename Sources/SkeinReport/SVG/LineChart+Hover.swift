extension LineChart {
  /// The picture for a page, with the texts that the page's script shows on hovering.
  func inline(width: Double = 460, height: Double = 260) -> String {
    let axes = axes(x: 0, y: 0, width: width, height: height)
    var svg = svg(width: width, height: height)
    svg.line(-9, axes.y.end, -9, axes.y.start, "cursor axis")
    return svg.inline(data: hoverData(axes.x))
  }

  /// What the page's script shows on hovering, as JSON.
  private struct HoverData: Encodable {
    struct Line: Encodable {
      let name: String
      let values: [String]
    }
    /// The label of the horizontal axis.
    let label: String
    /// The places of the columns, in the picture's own coordinates.
    let places: [Double]
    /// The text of each column.
    let columns: [String]
    /// Each line's name, and the text of its value in each column.
    let lines: [Line]
  }

  private func hoverData(_ axis: Axis) -> String? {
    let xs = Set(series.flatMap { $0.points.map(\.x) }).sorted()
    let lines = series.map { line in
      let values = Dictionary(line.points.map { ($0.x, $0.y) }) { $1 }
      return HoverData.Line(
        name: line.name, values: xs.map { values[$0].map(line.format) ?? "–" })
    }
    let data = HoverData(
      label: xLabel, places: xs.map { (axis.place($0) * 10).rounded() / 10 },
      columns: xs.map { hasWholeX ? NumberFormat.decimal($0, 0) : NumberFormat.short($0) },
      lines: lines)
    return try? JSONText.encode(data)
  }
}
