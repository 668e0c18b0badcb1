import SkeinRecord

/// A layer's histograms over the epochs: one ridge per epoch, the earliest at the back.
public struct RidgelinePlot: Sendable {
  /// The most epochs that are drawn, evenly spread. More ridges could not be told apart.
  package static let limit = 12

  /// The title above the plot.
  public let title: String
  let xLabel: String
  let rows: [(epoch: Int, histogram: Histogram)]

  /// - Parameters:
  ///   - title: the title above the plot.
  ///   - xLabel: what the horizontal axis shows.
  ///   - histograms: a histogram per epoch, earliest first.
  public init(
    title: String, xLabel: String, histograms: [(epoch: Int, histogram: Histogram)]
  ) {
    self.title = title
    self.xLabel = xLabel
    let count = min(Self.limit, histograms.count)
    rows = (0..<count).map {
      histograms[count == 1 ? 0 : $0 * (histograms.count - 1) / (count - 1)]
    }
  }

  /// Draws the plot with its upper left corner at (`x`, `y`).
  ///
  /// All ridges are scaled to peaks of the same height, because the plot compares shapes and not
  /// counts.
  public func draw(into svg: inout SVG, x: Double, y: Double, width: Double, height: Double) {
    svg.text(title, x: x + 8, y: y + 18, "title")
    svg.text("share of values, each epoch to its own peak", x: x + 8, y: y + 34, "small dim")
    let (top, bottom) = (y + 86, y + height - 38)
    let axis = Axis(
      values: [-reach, reach], from: x + 52, to: x + width - 14, wanted: 4, isExact: true)
    svg.line(axis.start, bottom, axis.end, bottom, "axis")
    for tick in axis.ticks {
      let place = axis.place(tick)
      svg.line(place, bottom, place, bottom + 4, "axis")
      svg.text(axis.label(tick), x: place, y: bottom + 16, "middle small dim")
    }
    svg.text(xLabel, x: axis.end, y: bottom + 30, "end small dim")
    let step = rows.count > 1 ? (bottom - top) / Double(rows.count - 1) : 0
    let peak = max(26, min(44, 2.4 * step))
    for (index, row) in rows.enumerated() {
      let base = rows.count > 1 ? top + step * Double(index) : bottom
      drawRidge(row.histogram, into: &svg, axis, base: base, peak: peak)
      if rows.count <= 7 || index % 2 == (rows.count - 1) % 2 {
        svg.text("\(row.epoch)", x: x + 46, y: base + 3, "end small dim")
      }
    }
    svg.text("epoch", x: x + 46, y: top - peak / 2, "end small dim")
  }

  private func drawRidge(
    _ histogram: Histogram, into svg: inout SVG, _ axis: Axis, base: Double, peak: Double
  ) {
    let (low, high) = (Double(histogram.low), Double(histogram.high))
    let width = (high - low) / Double(max(histogram.counts.count, 1))
    let most = Double(max(histogram.counts.max() ?? 1, 1))
    var points = [(x: axis.start, y: base)]
    guard width > 0 else {
      // All values are equal: a line marks them.
      let place = axis.place(max(-reach, min(reach, low)))
      svg.line(place, base, place, base - peak, "plain")
      return
    }
    for (bin, count) in histogram.counts.enumerated() {
      let value = low + (Double(bin) + 0.5) * width
      guard abs(value) <= reach else { continue }
      if points.count == 1 { points.append((axis.place(max(-reach, value - width / 2)), base)) }
      points.append((axis.place(value), base - peak * Double(count) / most))
    }
    let end = axis.place(min(reach, high))
    points += [(max(end, points[points.count - 1].x), base), (axis.end, base)]
    svg.path(points, [("class", "ridge thin")])
  }

  /// How far the axis goes from 0, in both directions.
  ///
  /// For each epoch that is the mean's magnitude plus four standard deviations, but at most the
  /// largest value's magnitude. The widest epoch decides.
  private var reach: Double {
    let reaches = rows.map { row -> Double in
      let histogram = row.histogram
      let total = Double(max(histogram.total, 1))
      let mean = histogram.sum / total
      let deviation = max(0, histogram.sumOfSquares / total - mean * mean).squareRoot()
      let extreme = Double(max(abs(histogram.low), abs(histogram.high)))
      return min(extreme, abs(mean) + 4 * deviation)
    }
    let reach = reaches.filter(\.isFinite).max() ?? 1
    return reach > 0 ? reach : 1
  }
}
