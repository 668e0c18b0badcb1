import SkeinFiles

/// Draws samples as text, several side by side, a caption above each.
public struct SampleGrid {
  /// How a pixel looks.
  public enum Style: Sendable {
    /// Two pixels per character, the half block `▀`, in 24-bit greys.
    case halfBlocks
    /// One pixel in two characters out of ` .:-=+*#%@`, for plain text.
    case ramp
  }

  private static let ramp = Array(" .:-=+*#%@")

  private let style: Style
  /// Columns that there are.
  private let width: Int

  /// - Parameter width: The columns of the terminal; a sample that is wider is drawn all the same.
  public init(style: Style, width: Int) {
    self.style = style
    self.width = width
  }

  /// The samples `rows` of `split`, drawn from black for the least value among them to white for
  /// the greatest.
  ///
  /// A sample of shape [h, w] is drawn as it is, [n] as one row, [h, w, c] and [c, h, w] with 1, 3
  /// or 4 channels as the mean of the channels, anything else as [h, the rest].
  ///
  /// - Parameter classes: The class names for the captions.
  /// - Precondition: `rows` are in 0..<`split.count`.
  public func draw(_ rows: [Int], of split: Split, classes: [String]) -> String {
    let layout = PixelLayout(split.sampleShape)
    let pictures = rows.map { pixels(of: $0, in: split, layout) }
    // In Double, where the difference of two finite Floats is finite.
    let finite = pictures.joined().lazy.filter(\.isFinite).map { Double($0) }
    let low = finite.min() ?? 0
    let range = max(.leastNormalMagnitude, (finite.max() ?? 1) - low)
    let columns = style == .ramp ? 2 * layout.width : layout.width
    let longest = rows.map { caption($0, split, classes).printable(limit: 20).columns }.max() ?? 0
    let cell = max(columns, min(20, longest))
    let perLine = max(1, (width + 2) / (cell + 2))
    var lines: [String] = []
    for first in stride(from: 0, to: rows.count, by: perLine) {
      let chosen = first..<min(first + perLine, rows.count)
      let captions = chosen.map { index in
        caption(rows[index], split, classes).fitted(to: cell)
      }
      lines.append(captions.joined(separator: "  "))
      let greys = chosen.map { index in
        pictures[index].map { $0.isFinite ? (Double($0) - low) / range : 0 }
      }
      let padding = String(repeating: " ", count: cell - columns)
      for row in stride(from: 0, to: layout.height, by: style == .ramp ? 1 : 2) {
        let parts = greys.map { line(row, of: $0, layout) + padding }
        lines.append(parts.joined(separator: "  "))
      }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  private func caption(_ row: Int, _ split: Split, _ classes: [String]) -> String {
    if split.valueTargets != nil {
      return "\(row): " + split.values(at: row).map { "\($0)" }.joined(separator: ", ")
    }
    let label = Int(split.label(at: row))
    return "\(row): " + (classes.indices.contains(label) ? classes[label] : "?")
  }

  /// One line of characters: pixel row `row`, with half blocks also the one below.
  private func line(_ row: Int, of greys: [Double], _ layout: PixelLayout) -> String {
    let start = row * layout.width
    let upper = greys[start..<(start + layout.width)]
    switch style {
    case .ramp:
      return upper.map { grey in
        let character = Self.ramp[Int((grey * Double(Self.ramp.count - 1)).rounded())]
        return String(repeating: character, count: 2)
      }.joined()
    case .halfBlocks:
      let hasLower = row + 1 < layout.height
      let cells = upper.indices.map { index in
        let top = Self.level(greys[index])
        let foreground = "\u{1B}[38;2;\(top);\(top);\(top)"
        guard hasLower else { return foreground + "m▀" }
        let bottom = Self.level(greys[index + layout.width])
        return foreground + ";48;2;\(bottom);\(bottom);\(bottom)m▀"
      }
      return cells.joined() + "\u{1B}[0m"
    }
  }

  private static func level(_ grey: Double) -> Int { Int((grey * 255).rounded()) }

  private func pixels(of row: Int, in split: Split, _ layout: PixelLayout) -> [Float] {
    let values = split.stored(row)
    return (0..<(layout.height * layout.width)).map { pixel in
      let channels = (0..<layout.channels).map {
        values[pixel * layout.pixelStride + $0 * layout.channelStride]
      }
      return channels.reduce(0, +) / Float(layout.channels)
    }
  }
}

/// How the elements of a sample lie in a picture.
private struct PixelLayout {
  let height: Int
  let width: Int
  let channels: Int
  let pixelStride: Int
  let channelStride: Int

  init(_ shape: [Int]) {
    let size = ArrayShape.product(shape) ?? 0
    let rest = max(1, size / max(1, shape.first ?? 1))
    if shape.count == 3, [1, 3, 4].contains(shape[2]) {
      (height, width, channels) = (shape[0], shape[1], shape[2])
      (pixelStride, channelStride) = (shape[2], 1)
    } else if shape.count == 3, [1, 3, 4].contains(shape[0]) {
      (height, width, channels) = (shape[1], shape[2], shape[0])
      (pixelStride, channelStride) = (1, shape[1] * shape[2])
    } else if shape.count == 1 {
      (height, width, channels, pixelStride, channelStride) = (1, shape[0], 1, 1, 0)
    } else {
      (height, width, channels, pixelStride, channelStride) = (shape.first ?? 1, rest, 1, 1, 0)
    }
  }
}
