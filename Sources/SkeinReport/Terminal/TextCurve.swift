/// A small curve in characters: half blocks, or `*` where the terminal has none.
public enum TextCurve {
  /// The curve of `values` from left to right. The largest value stands beside the first line, and
  /// the smallest beside the last.
  ///
  /// - Parameters:
  ///   - values: one value per epoch, for example.
  ///   - width: the columns that there are. The curve takes at most 60 of them.
  ///   - height: how many lines the curve has.
  ///   - hasBlocks: whether the terminal can show block characters.
  ///   - label: how a value is written.
  /// - Returns: no line where there are fewer than two values or no room.
  public static func lines(
    _ values: [Double], width: Int, height: Int = 6, hasBlocks: Bool = true,
    label: (Double) -> String
  ) -> [String] {
    let finite = values.filter(\.isFinite)
    guard values.count > 1, let low = finite.min(), let high = finite.max() else { return [] }
    let margin = max(label(low).count, label(high).count)
    let columns = min(60, width - margin - 2)
    guard columns >= 8, height > 1 else { return [] }
    let levels = hasBlocks ? 2 * height : height
    var grid = [Int](repeating: -1, count: columns)
    for column in 0..<columns {
      // The value at the column, interpolated between the two nearest values.
      let place = Double(column) / Double(columns - 1) * Double(values.count - 1)
      let first = min(Int(place), values.count - 2)
      let share = place - Double(first)
      let value = values[first] * (1 - share) + values[first + 1] * share
      guard value.isFinite else { continue }
      let level = high > low ? (value - low) / (high - low) : 0.5
      grid[column] = min(levels - 1, Int(level * Double(levels - 1) + 0.5))
    }
    return (0..<height).reversed().map { row in
      let name = row == height - 1 ? label(high) : row == 0 ? label(low) : ""
      let padding = String(repeating: " ", count: margin - name.count)
      let curve = grid.map { level -> Character in
        guard hasBlocks else { return level == row ? "*" : " " }
        return level / 2 != row || level < 0 ? " " : level % 2 == 1 ? "▀" : "▄"
      }
      var line = padding + name + (hasBlocks ? " │" : " |") + String(curve)
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
