/// A table in plain text: numbers to the right, in as many blocks as the width asks for.
public struct TextTable: Sendable {
  private let columns: [(title: String, cells: [String])]

  /// The first column names the rows, and is repeated in every block.
  ///
  /// - Precondition: all columns have as many cells.
  public init(_ columns: [(title: String, cells: [String])]) {
    precondition(
      Set(columns.map(\.cells.count)).count <= 1, "columns of \(columns.map(\.cells.count)) cells")
    self.columns = columns
  }

  /// The lines, each at most `width` characters long unless two columns alone are wider.
  public func lines(width: Int) -> [String] {
    guard let key = columns.first else { return [] }
    let keyWidth = Self.width(key)
    var blocks: [[(title: String, cells: [String])]] = [[]]
    var used = keyWidth
    for column in columns.dropFirst() {
      let needed = 2 + Self.width(column)
      if used + needed > width, !(blocks.last ?? []).isEmpty {
        blocks.append([])
        used = keyWidth
      }
      blocks[blocks.count - 1].append(column)
      used += needed
    }
    return Array(blocks.map { Self.draw([key] + $0) }.joined(separator: [""]))
  }

  private static func draw(_ columns: [(title: String, cells: [String])]) -> [String] {
    let widths = columns.map(width)
    let rows =
      [columns.map(\.title)]
      + (columns.first?.cells.indices.map { row in columns.map { $0.cells[row] } } ?? [])
    return rows.map { row in
      zip(row, widths).map { text, width in
        String(repeating: " ", count: width - text.count) + text
      }.joined(separator: "  ")
    }
  }

  private static func width(_ column: (title: String, cells: [String])) -> Int {
    ([column.title] + column.cells).map(\.count).max() ?? 0
  }
}
