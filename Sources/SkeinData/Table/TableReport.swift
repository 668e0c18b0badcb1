import SkeinFiles

/// What a table was understood as, for people.
public struct TableReport: Sendable, Equatable {
  /// A column of the table.
  public struct Column: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// `number`, `category`, `left out`, or what the target is.
    public let kind: String
    /// How many rows have no value in it.
    public let missing: Int
    /// Range, mean and deviation, or levels, or why it is left out.
    public let detail: String

    init(_ name: String, _ kind: String, missing: Int, _ detail: String) {
      (self.name, self.kind, self.missing, self.detail) = (name, kind, missing, detail)
    }

    init(_ feature: Feature, _ column: ColumnSurvey) {
      name = feature.name
      missing = column.missing
      switch feature.kind {
      case .number:
        kind = "number"
        detail =
          "\(FeatureText.short(column.least))…\(FeatureText.short(column.greatest)), "
          + "mean \(FeatureText.short(column.mean)), "
          + "deviation \(FeatureText.short(column.deviation))"
      case .category:
        let levels = feature.levels ?? []
        kind = "category"
        detail =
          counted(levels.count, "level") + ": "
          + levels.prefix(6).map { $0.printable(limit: 24) }.joined(separator: ", ")
          + (levels.count > 6 ? ", …" : "")
      }
    }
  }

  /// How the file is written.
  public let format: String
  /// The columns, in the file's order.
  public let columns: [Column]
  /// How many elements a sample has.
  public let width: Int
  /// What is to be said of the rows, a sentence each.
  public internal(set) var notes: [String]

  /// A line per column.
  public var text: String {
    let names = columns.map { $0.name.printable(limit: 40) }
    let missing = columns.map { $0.missing == 0 ? "" : "\($0.missing) missing" }
    func width(_ texts: [String]) -> Int { texts.map(\.columns).max() ?? 0 }
    let widths = (width(names), width(columns.map(\.kind)), width(missing))
    let lines = columns.indices.map { index in
      let column = columns[index]
      let line =
        "  \(names[index].fitted(to: widths.0))  \(column.kind.fitted(to: widths.1))  "
        + (widths.2 > 0 ? missing[index].fitted(to: widths.2) + "  " : "")
        + column.detail.printable()
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return (["\(format); \(counted(self.width, "element")) in a sample"] + lines + notes)
      .joined(separator: "\n")
  }
}
