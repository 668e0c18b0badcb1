import SkeinRecord

/// Figures of the layers' weights, gradients and dead neurons, epoch by epoch.
public enum LayerFigures {
  /// The most layers that are drawn. The picture says how many there are.
  package static let limit = 8
  private static let panel = (width: 350.0, height: 270.0)

  /// Histograms of every layer's weights over the epochs: `skein plot weight-histograms`.
  public static func weights(_ run: RunNumbers) -> SVG {
    figure(run, "Weights", "weight", \.weightHistogram)
  }

  /// Histograms of every layer's gradient over the epochs: `skein plot gradient-histograms`.
  public static func gradients(_ run: RunNumbers) -> SVG {
    figure(run, "Gradients", "∂loss/∂weight", \.gradientHistogram)
  }

  /// The norm of every layer's gradient per epoch, on a logarithmic axis: `skein plot norms`.
  ///
  /// Such an axis has no place for 0. The chart names the layers whose gradient is always 0.
  public static func norms(_ networks: [EpochRecord]) -> LineChart {
    var chart = LineChart(
      title: "Gradient norm", xLabel: "epoch", yLabel: "√Σ(∂loss/∂parameter)² per layer",
      series: series(networks) { $0.gradientNorm })
    chart.isLogarithmic = true
    chart.note = note(on: networks)
    return chart
  }

  /// Which layers a logarithmic axis cannot show because their gradient is 0; nil where there are
  /// none.
  private static func note(on networks: [EpochRecord]) -> String? {
    let norms = (0..<(networks.first?.layers.count ?? 0)).map { layer in
      (layer: layer + 1, values: networks.compactMap { $0.layers[layer].gradientNorm })
    }
    let missing = norms.filter { $0.values.contains(0) && !$0.values.contains { $0 > 0 } }
    let broken = norms.filter { $0.values.contains(0) && $0.values.contains { $0 > 0 } }
    var notes: [String] = []
    if !missing.isEmpty {
      notes.append(
        "not drawn, since the gradient is 0: layer\(missing.count == 1 ? "" : "s") "
          + NumberFormat.ranges(missing.map(\.layer)))
    }
    if !broken.isEmpty { notes.append("gaps are gradients of 0") }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  /// The number of dead neurons in every hidden layer per epoch: `skein plot dead`. Nil without a
  /// hidden layer.
  ///
  /// A dead neuron has the same activation for every sample of the probe.
  public static func deadUnits(_ networks: [EpochRecord]) -> LineChart? {
    let lines = series(networks) { $0.deadUnits.map(Double.init) }
    guard !lines.isEmpty else { return nil }
    var chart = LineChart(
      title: "Dead neurons", xLabel: "epoch", yLabel: "neurons with one value for every sample",
      series: lines)
    chart.includesZero = true
    chart.hasWholeY = true
    return chart
  }

  /// All of these for the page. Each panel is a picture of its own, so that the page can arrange
  /// them.
  static func inline(_ run: RunNumbers) -> String {
    let charts = [norms(run.networks), deadUnits(run.networks)].compactMap { $0 }
    let ridges =
      panels(run, "Weights", "weight", \.weightHistogram)
      + panels(run, "Gradients", "∂loss/∂weight", \.gradientHistogram)
    return charts.map { $0.inline() }.joined()
      + ridges.map { ridge in
        var svg = SVG(width: panel.width, height: panel.height, title: ridge.title)
        ridge.draw(into: &svg, x: 0, y: 0, width: panel.width, height: panel.height)
        return svg.inline()
      }.joined()
  }

  private static func series(
    _ networks: [EpochRecord], _ value: (LayerRecord) -> Double?
  ) -> [LineChart.Series] {
    let count = networks.first?.layers.count ?? 0
    return (0..<count).compactMap { layer in
      let points = networks.compactMap { network in
        value(network.layers[layer]).map { (x: Double(network.epoch), y: $0) }
      }
      guard !points.isEmpty else { return nil }
      return LineChart.Series(
        "layer \(layer + 1)", points, style: PictureStyle.stroke(layer),
        textStyle: PictureStyle.fill(layer))
    }
  }

  private static func figure(
    _ run: RunNumbers, _ title: String, _ xLabel: String,
    _ histogram: (LayerRecord) -> Histogram?
  ) -> SVG {
    let panels = panels(run, title, xLabel, histogram)
    let columns = max(1, min(3, panels.count))
    let rows = (panels.count + columns - 1) / columns
    var svg = SVG(
      width: panel.width * Double(columns), height: panel.height * Double(max(rows, 1)),
      title: "\(run.job.name): \(title.lowercased()) of each layer over the epochs")
    for (index, ridges) in panels.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      ridges.draw(
        into: &svg, x: panel.width * Double(column), y: panel.height * Double(row),
        width: panel.width, height: panel.height)
    }
    return svg
  }

  private static func panels(
    _ run: RunNumbers, _ title: String, _ xLabel: String,
    _ histogram: (LayerRecord) -> Histogram?
  ) -> [RidgelinePlot] {
    let count = run.networks.first?.layers.count ?? 0
    let shown = min(count, limit)
    return (0..<shown).map { layer in
      let omitted = layer == shown - 1 && shown < count ? " (of \(count))" : ""
      return RidgelinePlot(
        title: "\(title), layer \(layer + 1)\(omitted)", xLabel: xLabel,
        histograms: run.networks.compactMap { network in
          histogram(network.layers[layer]).map { (epoch: network.epoch, histogram: $0) }
        })
    }
  }
}
