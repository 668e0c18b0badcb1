import Foundation

/// Writes an SVG picture, element by element. It escapes every text and attribute.
///
/// The same calls give the same bytes: numbers have at most two decimals, and nothing depends on
/// the locale or the time.
public struct SVG: Sendable {
  /// The width of the picture, in pixels.
  public let width: Double
  /// The height of the picture, in pixels.
  public let height: Double
  private let title: String
  private let summary: String
  private var body = ""

  /// - Parameters:
  ///   - width: the width of the picture, in pixels.
  ///   - height: the height of the picture, in pixels.
  ///   - title: what the picture shows, for hovering and for readers that cannot see it.
  ///   - summary: the same in a sentence.
  public init(width: Double, height: Double, title: String, summary: String = "") {
    self.width = width
    self.height = height
    self.title = title
    self.summary = summary
  }

  /// How wide a picture must be for a title of class "title" and a text of class "small" at its
  /// left edge, in pixels. A character of a title is about 7.4 wide, and one of a small text about
  /// 5.8.
  static func width(ofTitle title: String, _ small: String) -> Double {
    16 + max(7.4 * Double(title.count), 5.8 * Double(small.count))
  }

  /// Adds an element without content. `hint` is its text on hovering.
  public mutating func add(
    _ name: String, _ attributes: [(String, any AttributeValue)], hint: String? = nil
  ) {
    body += "<\(name)\(Self.written(attributes))"
    body += hint.map { "><title>\(Markup.escaped($0))</title></\(name)>\n" } ?? "/>\n"
  }

  /// Adds a text.
  ///
  /// - Parameters:
  ///   - text: what it says.
  ///   - x: where it begins, ends or has its middle, as `style` says.
  ///   - y: the place of its baseline.
  ///   - style: its CSS classes, with spaces between them.
  ///   - hint: the text on hovering.
  public mutating func text(
    _ text: String, x: Double, y: Double, _ style: String = "", hint: String? = nil
  ) {
    let attributes: [(String, any AttributeValue)] =
      [("x", x), ("y", y)] + (style.isEmpty ? [] : [("class", style)])
    let hover = hint.map { "<title>\(Markup.escaped($0))</title>" } ?? ""
    body += "<text\(Self.written(attributes))>\(Markup.escaped(text))\(hover)</text>\n"
  }

  /// Adds a group with the elements that `content` adds.
  public mutating func group(
    _ attributes: [(String, any AttributeValue)], _ content: (inout SVG) -> Void
  ) {
    body += "<g\(Self.written(attributes))>\n"
    content(&self)
    body += "</g>\n"
  }

  /// Adds a straight line from (`x1`, `y1`) to (`x2`, `y2`). `style` are its CSS classes.
  public mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String
  ) {
    add("line", [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("class", style)])
  }

  /// Adds a rectangle with its upper left corner at (`x`, `y`).
  public mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double,
    _ attributes: [(String, any AttributeValue)], hint: String? = nil
  ) {
    add(
      "rect", [("x", x), ("y", y), ("width", width), ("height", height)] + attributes, hint: hint)
  }

  /// Adds a line through points. Points that are not finite interrupt it.
  public mutating func path(
    _ points: [(x: Double, y: Double)], _ attributes: [(String, any AttributeValue)],
    isClosed: Bool = false
  ) {
    var d = ""
    var isDown = false
    for point in points {
      guard point.x.isFinite, point.y.isFinite else {
        isDown = false
        continue
      }
      d += "\(isDown ? "L" : "M")\(Self.number(point.x)) \(Self.number(point.y))"
      isDown = true
    }
    guard !d.isEmpty else { return }
    add("path", [("d", isClosed ? d + "Z" : d)] + attributes)
  }

  /// Adds a picture that is drawn without smoothing.
  ///
  /// - Parameter png: the bytes of a PNG file.
  public mutating func image(
    _ png: [UInt8], x: Double, y: Double, width: Double, height: Double, hint: String
  ) {
    let data = "data:image/png;base64," + Data(png).base64EncodedString()
    add(
      "image",
      [
        ("x", x), ("y", y), ("width", width), ("height", height), ("class", "pixels"),
        ("preserveAspectRatio", "none"), ("href", data),
      ], hint: hint)
  }

  /// The text of an SVG file: XML with its own style, for light and dark.
  public var file: String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + element(attributes: " xmlns=\"http://www.w3.org/2000/svg\"", hasStyle: true)
  }

  /// The element for a page that has the style already.
  ///
  /// - Parameter data: what the page's script shows on hovering, as JSON.
  public func inline(data: String? = nil) -> String {
    element(
      attributes: data.map { " data-chart=\"\(Markup.escaped($0))\"" } ?? "", hasStyle: false)
  }

  private func element(attributes: String, hasStyle: Bool) -> String {
    let (w, h) = (Self.number(width), Self.number(height))
    var text = "<svg\(attributes) viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" height=\"\(h)\""
    // In a page a <title> would show as a tooltip over every chart.
    text += " class=\"chart\" role=\"img\" aria-label=\"\(Markup.escaped(label))\">\n"
    if hasStyle {
      text += "<title>\(Markup.escaped(title))</title>\n"
      text += "<style>\(PictureStyle.css)</style>\n"
      text += "<rect class=\"paper\" width=\"\(w)\" height=\"\(h)\"/>\n"
    }
    return text + body + "</svg>\n"
  }

  private var label: String { summary.isEmpty ? title : "\(title). \(summary)" }

  private static func written(_ attributes: [(String, any AttributeValue)]) -> String {
    attributes.map { " \($0.0)=\"\($0.1.attribute)\"" }.joined()
  }

  /// `value` with at most two decimals; 0 where it is not finite, and from 10⁹ on.
  public static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    guard hundredths % 100 != 0 else { return String(hundredths / 100) }
    let sign = hundredths < 0 ? "-" : ""
    let (whole, part) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let digits = part % 10 == 0 ? String(part / 10) : part < 10 ? "0\(part)" : String(part)
    return "\(sign)\(whole).\(digits)"
  }
}

/// A value that an attribute can have.
public protocol AttributeValue {
  /// The text of the value, escaped.
  var attribute: String { get }
}

extension String: AttributeValue {
  /// The text, escaped.
  public var attribute: String { Markup.escaped(self) }
}

extension Double: AttributeValue {
  /// The number with at most two decimals.
  public var attribute: String { SVG.number(self) }
}

extension Int: AttributeValue {
  /// The number in decimal digits.
  public var attribute: String { String(self) }
}
