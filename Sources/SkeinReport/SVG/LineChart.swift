/// Lines over one horizontal axis. Each line has its name at its end.
public struct LineChart: Sendable {
  /// One line.
  public struct Series: Sendable {
    /// The line's name; empty for none.
    public var name: String
    /// The points of the line, with x ascending.
    public var points: [(x: Double, y: Double)]
    /// The CSS classes of the line, with spaces between them.
    public var style: String
    /// The CSS classes of the name, likewise.
    public var textStyle: String
    /// Whether each point has a marker.
    public var hasMarkers: Bool
    /// How a value is written on hovering.
    public var format: @Sendable (Double) -> String

    /// - Parameters:
    ///   - name: the line's name; empty for none.
    ///   - points: the points of the line, with x ascending. Points that are not finite interrupt
    ///     it.
    ///   - style: the CSS classes of the line, with spaces between them.
    ///   - textStyle: the CSS classes of its name, likewise.
    ///   - hasMarkers: whether each point has a marker.
    ///   - format: how a value is written on hovering.
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

  /// The title above the chart.
  public var title: String
  /// What the horizontal axis shows, with its unit.
  public var xLabel: String
  /// What the vertical axis shows, with its unit.
  public var yLabel: String
  /// What the lines do not show, in a few words below the chart; nil for nothing.
  public var note: String?
  /// The lines.
  public var series: [Series]
  /// Whether the vertical axis must hold 0.
  public var includesZero = false
  /// Whether the vertical axis is logarithmic.
  public var isLogarithmic = false
  /// Whether the horizontal axis is logarithmic.
  public var hasLogarithmicX = false
  /// Places on the horizontal axis that get a vertical line with a name.
  public var marks: [(x: Double, name: String)] = []
  /// Whether only whole numbers get ticks on the horizontal axis, as for epochs.
  public var hasWholeX = true
  /// Whether only whole numbers get ticks on the vertical axis, as for counts.
  public var hasWholeY = false
  /// How the vertical axis writes a value; nil for plain numbers.
  public var yTick: (@Sendable (Double) -> String)?

  /// - Parameters:
  ///   - title: the title above the chart.
  ///   - xLabel: what the horizontal axis shows, with its unit.
  ///   - yLabel: what the vertical axis shows, with its unit.
  ///   - series: the lines.
  public init(title: String, xLabel: String, yLabel: String, series: [Series]) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
  }

  /// The chart as a picture of its own.
  public func svg(width: Double = 460, height: Double = 260) -> SVG {
    var svg = SVG(
      width: width, height: height, title: title, summary: "\(yLabel) against \(xLabel)")
    draw(into: &svg, x: 0, y: 0, width: width, height: height)
    return svg
  }

  /// Draws the chart with its upper left corner at (`x`, `y`).
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
    if let note { svg.text(note, x: x + 8, y: axes.y.start + 30, "small dim") }
    for (index, mark) in marks.enumerated() {
      let place = axes.x.place(mark.x)
      guard place.isFinite else { continue }
      svg.line(place, axes.y.end, place, axes.y.start, "axis dashed")
      svg.text(mark.name, x: place + 4, y: axes.y.end + 10 + 13 * Double(index), "small dim")
    }
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

  /// The text of a tick. A whole number has no decimals, even where ticks that are not shown have
  /// some.
  private func label(_ tick: Double, _ axis: Axis, isWhole: Bool) -> String {
    isWhole && abs(tick) < 10_000 ? NumberFormat.decimal(tick, 0) : axis.label(tick)
  }

  /// Writes the names at the lines' ends, moved apart where they would overlap.
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
    // Names that sank below the axis are moved up again, the lowest one first.
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
    // A character of a name is about 6.6 wide.
    let longest = series.map(\.name.count).max() ?? 0
    let right = longest == 0 ? 16 : 14 + 6.6 * Double(longest)
    let values = series.flatMap { $0.points.map(\.y) }
    let xs = series.flatMap { $0.points.map(\.x) }
    let (top, bottom) = (y + 46, y + height - 38)
    return (
      hasLogarithmicX
        ? Axis(logarithmic: xs, from: x + 52, to: x + max(width - right, 60))
        : Axis(
          values: xs, from: x + 52, to: x + max(width - right, 60), wanted: 6, isExact: true),
      isLogarithmic
        ? Axis(logarithmic: values, from: bottom, to: top)
        : Axis(values: values, from: bottom, to: top, includingZero: includesZero)
    )
  }
}
