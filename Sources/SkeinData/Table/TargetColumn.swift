/// The column of a table that says what a row is.
struct TargetColumn {
  /// The number of its field.
  let field: Int
  /// The classes by their names; nil where targets are values.
  private let classes: LevelTable?
  private let decimals: DecimalReader

  /// - Parameter target: what the table that is trained on has there.
  init(_ target: TableSchema.Target, field: Int, _ decimals: DecimalReader) {
    self.field = field
    self.decimals = decimals
    classes = if case .classes(let names) = target { LevelTable(names) } else { nil }
  }

  /// How many values a row has; nil where it has a label.
  var outputs: Int? { classes == nil ? 1 : nil }

  /// Puts the target of `record` into the room for row `index`.
  ///
  /// - Throws: `DataError` for an unknown class, and for text in place of a number.
  func read(_ record: Record, into targets: TargetMemory, at index: Int) throws {
    switch targets.kind {
    case .labels(let labels):
      guard let label = record.withContent(field, { classes?.find($0) }) else {
        throw fault(record, "a class that the table to train on has")
      }
      labels[index] = Int32(label)
    case .values(let values):
      guard let value = record.number(field, decimals).map({ Float($0) }), value.isFinite else {
        throw fault(record, "a number that a Float holds")
      }
      values[index] = value
    }
  }

  private func fault(_ record: Record, _ expected: String) -> DataError {
    DataError(
      record.fault(
        field, at: "target", expected: expected, found: "\"\(record.shown(field))\""))
  }
}
