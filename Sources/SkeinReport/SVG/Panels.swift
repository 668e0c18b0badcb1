/// Several charts in one picture, in two columns.
enum Panels {
  /// The picture of `charts`, each `width` × `height` large.
  static func figure(
    title: String, _ charts: [LineChart], width: Double = 460, height: Double = 260
  ) -> SVG {
    let columns = max(1, min(2, charts.count))
    let rows = (charts.count + columns - 1) / columns
    var svg = SVG(
      width: width * Double(columns), height: height * Double(rows), title: title,
      summary: charts.map(\.title).joined(separator: ", "))
    for (index, chart) in charts.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      chart.draw(
        into: &svg, x: width * Double(column), y: height * Double(row), width: width,
        height: height)
    }
    return svg
  }
}
