import SkeinFiles

/// A table in plain text. Its cells are aligned to the right. A table that is too wide for the
/// terminal goes on in further blocks of columns below.
public struct TextTable: Sendable {
  private typealias Column = (title: String, cells: [String])
  private let columns: [(title: String, cells: [String])]

  /// A table of `columns`. The first one names the rows, and every block repeats it.
  ///
  /// - Parameter columns: a title and a cell per row for each column.
  /// - Precondition: all columns have the same number of cells.
  public init(_ columns: [(title: String, cells: [String])]) {
    require(
      Set(columns.map(\.cells.count)).count <= 1, "columns of \(columns.map(\.cells.count)) cells")
    self.columns = columns
  }

  /// The lines of the table, each at most `width` columns wide.
  ///
  /// Names of rows are cut where they take more than half of the width. Where a name and one column
  /// do not fit side by side, each row becomes a list.
  public func lines(width: Int) -> [String] {
    guard var key = columns.first else { return [] }
    let room = max(6, width / 2)
    key.cells = key.cells.map { $0.cut(to: room) }
    let keyWidth = Self.width(key)
    let others = columns.dropFirst()
    guard others.allSatisfy({ keyWidth + 2 + Self.width($0) <= width }) else {
      return list(width: width)
    }
    var blocks: [[Column]] = [[]]
    var used = keyWidth
    for column in others {
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

  private static func draw(_ columns: [Column]) -> [String] {
    let widths = columns.map(width)
    let rows =
      [columns.map(\.title)]
      + (columns.first?.cells.indices.map { row in columns.map { $0.cells[row] } } ?? [])
    return rows.map { row in
      zip(row, widths).map { text, width in
        String(repeating: " ", count: width - text.columns) + text
      }.joined(separator: "  ")
    }
  }

  /// The rows as lists: a line for the name of the row, and one for each other cell.
  private func list(width: Int) -> [String] {
    guard let key = columns.first else { return [] }
    return key.cells.indices.flatMap { row in
      ["\(key.title) \(key.cells[row])"]
        + columns.dropFirst().map { "  \($0.title) \($0.cells[row])" }
    }.flatMap { $0.wrapped(to: width).split(separator: "\n").map(String.init) }
  }

  private static func width(_ column: Column) -> Int {
    ([column.title] + column.cells).map(\.columns).max() ?? 0
  }
}
