import SkeinRecord

/// The speed-up against the number of threads, with the ideal and the fit: `skein plot scaling`.
public enum ScalingFigure {
  /// The chart, and below it a table of the measurements.
  public static func svg(_ table: ScalingTable) -> SVG {
    let most = Double(max(table.rows.map(\.threads).max() ?? 1, 1))
    let lines = (0...60).map { 1 + (most - 1) * Double($0) / 60 }
    var series = [
      LineChart.Series("ideal", lines.map { ($0, $0) }, style: "plain dashed", textStyle: "dim"),
      LineChart.Series(
        "measured", table.rows.map { (Double($0.threads), $0.speedup) }, style: "train",
        textStyle: "trainText", hasMarkers: true),
    ]
    if let fit = table.fit {
      series.append(
        .init(
          "fit", lines.map { ($0, fit.universalSpeedup($0)) }, style: "test", textStyle: "testText")
      )
    }
    var chart = LineChart(
      title: "\(table.job): speed-up", xLabel: "threads",
      yLabel: "samples per second, relative to one thread", series: series)
    chart.includesZero = true
    let (width, height) = (560.0, 340.0)
    var svg = SVG(
      width: width, height: height + 40 + 18 * Double(table.rows.count),
      title: "\(table.job): speed-up against threads")
    chart.draw(into: &svg, x: 0, y: 0, width: width, height: height)
    drawTable(table, into: &svg, y: height + 16)
    return svg
  }

  private static func drawTable(_ table: ScalingTable, into svg: inout SVG, y: Double) {
    let columns = [60.0, 190, 280, 380, 470]
    let names = ["threads", "samples/s", "speed-up", "efficiency", "spread"]
    for (name, x) in zip(names, columns) { svg.text(name, x: x, y: y, "end small dim") }
    for (index, row) in table.rows.enumerated() {
      let texts = [
        "\(row.threads)", NumberFormat.grouped(Int(min(max(row.samplesPerSecond, 0), 1e15))),
        NumberFormat.decimal(row.speedup, 2), NumberFormat.percent(row.efficiency, 0),
        NumberFormat.percent(row.spread, 1),
      ]
      for (text, x) in zip(texts, columns) {
        svg.text(text, x: x, y: y + 18 * Double(index + 1), "end")
      }
    }
    var machine = "\(table.machine): \(table.cpu), \(table.cores) cores"
    if let fit = table.fit {
      machine +=
        "; fit: serial \(NumberFormat.percent(fit.serialFraction, 2)), contention "
        + "\(NumberFormat.percent(fit.contention, 2)), coherence "
        + NumberFormat.short(fit.coherence)
    }
    svg.text(
      machine.count > 95 ? String(machine.prefix(94)) + "…" : machine, x: 8,
      y: y + 18 * Double(table.rows.count) + 18, "small dim")
  }
}
