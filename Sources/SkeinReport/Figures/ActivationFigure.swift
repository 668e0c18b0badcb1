/// Activation functions with their derivatives, each in a small chart: `skein plot activations`.
public enum ActivationFigure {
  /// One function, sampled.
  public struct Function: Sendable {
    /// The function's name.
    public var name: String
    /// The formula, as text.
    public var formula: String
    /// x, f(x), and f′(x); f′(x) is nil for a function without a derivative.
    public var points: [(x: Double, value: Double, slope: Double?)]

    /// - Parameters:
    ///   - name: the function's name.
    ///   - formula: the formula, as text.
    ///   - points: x, f(x) and f′(x), with x ascending.
    public init(
      name: String, formula: String, points: [(x: Double, value: Double, slope: Double?)]
    ) {
      self.name = name
      self.formula = formula
      self.points = points
    }
  }

  /// A chart per function, four in a row. O(points).
  public static func svg(_ functions: [Function]) -> SVG {
    let (width, height) = (230.0, 210.0)
    let columns = 4
    let rows = (functions.count + columns - 1) / columns
    var svg = SVG(
      width: width * Double(columns), height: 44 + height * Double(rows),
      title: "Activation functions and their derivatives")
    svg.text("Activation functions", x: 8, y: 18, "title")
    svg.text("f(x)", x: 8, y: 34, "trainText")
    svg.text("f′(x), dashed", x: 40, y: 34, "testText")
    for (index, function) in functions.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      draw(
        function, into: &svg, x: width * Double(column), y: 44 + height * Double(row),
        width: width, height: height)
    }
    return svg
  }

  private static func draw(
    _ function: Function, into svg: inout SVG, x: Double, y: Double, width: Double,
    height: Double
  ) {
    svg.text(function.name, x: x + 8, y: y + 18, "title")
    svg.text(function.formula, x: x + 8, y: y + 33, "small dim")
    let xs = function.points.map(\.x)
    let horizontal = Axis(values: xs, from: x + 28, to: x + width - 14, isExact: true)
    // All charts show the same range, so that shapes can be compared. Values outside it are cut
    // off.
    let vertical = Axis(values: [-2, 4], from: y + height - 24, to: y + 44, isExact: true)
    for tick in [-2.0, 0, 2, 4] {
      let place = vertical.place(tick)
      svg.line(horizontal.start, place, horizontal.end, place, tick == 0 ? "axis" : "grid")
      svg.text(vertical.label(tick), x: horizontal.start - 5, y: place + 3, "end small dim")
    }
    let origin = horizontal.place(0)
    svg.line(origin, vertical.start, origin, vertical.end, "axis")
    for tick in horizontal.ticks where tick == tick.rounded() {
      svg.text(
        horizontal.label(tick), x: horizontal.place(tick), y: vertical.start + 14,
        "middle small dim")
    }
    func curve(_ value: (Int) -> Double?, _ style: String) {
      svg.path(
        function.points.indices.map { index in
          let shown = value(index).flatMap { (-2...4).contains($0) ? $0 : nil }
          return (
            horizontal.place(function.points[index].x), shown.map(vertical.place) ?? .nan
          )
        }, [("class", style)])
    }
    curve({ function.points[$0].slope }, "line test dashed")
    curve({ function.points[$0].value }, "line train")
  }
}
