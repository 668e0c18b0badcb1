/// The picture of a learning-rate range test: the loss against the rate.
public enum RangeFigure {
  /// - Parameters:
  ///   - name: what was tested, for the title.
  ///   - losses: each step's rate and loss, and their moving average.
  ///   - suggestion: the rate that is suggested; nil for none.
  ///   - divergence: where the loss was out of hand; nil where it was not.
  public static func svg(
    _ name: String, losses: [(rate: Double, loss: Double, smooth: Double)], suggestion: Double?,
    divergence: Double?
  ) -> SVG {
    // A single step far out would flatten all others.
    let top = 1.5 * max(losses.map(\.smooth).max() ?? 1, losses.first?.loss ?? 1)
    var chart = LineChart(
      title: "\(name): loss against learning rate", xLabel: "learning rate",
      yLabel: "mean loss of a step's samples",
      series: [
        .init("", losses.map { ($0.rate, min($0.loss, top)) }, style: "grid"),
        .init("", losses.map { ($0.rate, $0.smooth) }, style: "train"),
      ])
    chart.hasLogarithmicX = true
    chart.hasWholeX = false
    chart.note = "grey: single steps; line: moving average"
    if let suggestion { chart.marks.append((suggestion, "try \(NumberFormat.short(suggestion))")) }
    if let divergence {
      chart.marks.append((divergence, "out of hand at \(NumberFormat.short(divergence))"))
    }
    return chart.svg(width: 640, height: 340)
  }
}
