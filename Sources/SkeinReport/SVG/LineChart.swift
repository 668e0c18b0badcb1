/// Lines over one horizontal axis, each named at its end.
public struct LineChart: Sendable {
  /// One line.
  public struct Series: Sendable {
    public var name: String
    public var points: [(x: Double, y: Double)]
    /// The class of the line, and of its name.
    public var style: String
    public var textStyle: String
    public var hasMarkers: Bool
    /// What a value looks like while hovering.
    public var format: @Sendable (Double) -> String

    public init(
      _ name: String, _ points: [(x: Double, y: Double)], style: String, textStyle: String = "",
      hasMarkers: Bool = false,
      format: @escaping @Sendable (Double) -> String = NumberFormat.short
    ) {
      self.name = name
      self.points = points
      self.style = style
      self.textStyle = textStyle
      self.hasMarkers = hasMarkers
      self.format = format
    }
  }

  public var title: String
  /// What the axes show, with their units.
  public var xLabel: String
  public var yLabel: String
  public var series: [Series]
  public var includesZero = false
  public var isLogarithmic = false
  /// Whether horizontal ticks are whole numbers, as epochs are.
  public var hasWholeX = true
  /// The same of vertical ones, as counts are.
  public var hasWholeY = false
  /// What the vertical axis writes; nil for plain numbers.
  public var yTick: (@Sendable (Double) -> String)?

  public init(title: String, xLabel: String, yLabel: String, series: [Series]) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
  }

  /// The picture on its own.
  public func svg(width: Double = 460, height: Double = 260) -> SVG {
    var svg = SVG(
      width: width, height: height, title: title, summary: "\(yLabel) against \(xLabel)")
    draw(into: &svg, x: 0, y: 0, width: width, height: height)
    return svg
  }

  /// Draws it with its upper left corner at (`x`, `y`).
  public func draw(into svg: inout SVG, x: Double, y: Double, width: Double, height: Double) {
    let axes = axes(x: x, y: y, width: width, height: height)
    svg.text(title, x: x + 8, y: y + 18, "title")
    svg.text(yLabel, x: x + 8, y: y + 34, "small dim")
    for tick in axes.y.ticks where !hasWholeY || tick == tick.rounded() {
      let place = axes.y.place(tick)
      svg.line(axes.x.start, place, axes.x.end, place, "grid")
      svg.text(
        yTick?(tick) ?? label(tick, axes.y, isWhole: hasWholeY), x: axes.x.start - 6, y: place + 4,
        "end small dim")
    }
    svg.line(axes.x.start, axes.y.start, axes.x.end, axes.y.start, "axis")
    for tick in axes.x.ticks where !hasWholeX || tick == tick.rounded() {
      let place = axes.x.place(tick)
      svg.line(place, axes.y.start, place, axes.y.start + 4, "axis")
      svg.text(
        label(tick, axes.x, isWhole: hasWholeX), x: place, y: axes.y.start + 16,
        "middle small dim")
    }
    svg.text(xLabel, x: axes.x.end, y: axes.y.start + 30, "end small dim")
    for line in series {
      let places = line.points.map { (x: axes.x.place($0.x), y: axes.y.place($0.y)) }
      svg.path(places, [("class", "line " + line.style)])
      guard line.hasMarkers || places.count == 1 else { continue }
      for place in places where place.x.isFinite && place.y.isFinite {
        svg.add(
          "circle",
          [("cx", place.x), ("cy", place.y), ("r", 2.5), ("class", "line " + line.style)])
      }
    }
    drawNames(into: &svg, axes)
  }

  /// A whole number without decimals, also where ticks that are not shown have some.
  private func label(_ tick: Double, _ axis: Axis, isWhole: Bool) -> String {
    isWhole && abs(tick) < 10_000 ? NumberFormat.decimal(tick, 0) : axis.label(tick)
  }

  /// Names at the lines' ends, moved apart where they would overlap.
  private func drawNames(into svg: inout SVG, _ axes: (x: Axis, y: Axis)) {
    var ends = series.compactMap { line -> (line: Series, x: Double, y: Double)? in
      guard !line.name.isEmpty, let last = line.points.last(where: { $0.y.isFinite }) else {
        return nil
      }
      let place = axes.y.place(last.y)
      return place.isFinite ? (line, axes.x.place(last.x), place) : nil
    }.sorted { $0.y < $1.y }
    let gap = 13.0
    for index in ends.indices.dropFirst() where ends[index].y - ends[index - 1].y < gap {
      ends[index].y = ends[index - 1].y + gap
    }
    // A stack that sank below the axis is pushed up again, from its lowest name on.
    var floor = axes.y.start
    for index in ends.indices.reversed() {
      ends[index].y = min(ends[index].y, floor)
      floor = ends[index].y - gap
    }
    for end in ends {
      svg.text(end.line.name, x: end.x + 6, y: end.y + 4, end.line.textStyle)
    }
  }

  /// The axes of the chart, drawn with its upper left corner at (`x`, `y`).
  func axes(x: Double, y: Double, width: Double, height: Double) -> (x: Axis, y: Axis) {
    // About 6.6 per character of a name.
    let longest = series.map(\.name.count).max() ?? 0
    let right = longest == 0 ? 16 : 14 + 6.6 * Double(longest)
    let values = series.flatMap { $0.points.map(\.y) }
    let xs = series.flatMap { $0.points.map(\.x) }
    let (top, bottom) = (y + 46, y + height - 38)
    return (
      Axis(
        values: xs, from: x + 52, to: x + max(width - right, 60), wanted: 6, isExact: true),
      isLogarithmic
        ? Axis(logarithmic: values, from: bottom, to: top)
        : Axis(values: values, from: bottom, to: top, includingZero: includesZero)
    )
  }
}
