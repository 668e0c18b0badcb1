import SkeinFiles

/// How many rows of a table have a target: a pass over a file that is written later.
struct TableCount {
  /// The rows that have one.
  private(set) var rows = 0

  /// Reads the whole file.
  ///
  /// - Throws: `DataError` where it is no table with the columns of `survey`; `CancellationError`.
  init(
    path: String, _ survey: TableSurvey, _ options: TableOptions,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    let file = try CSVFile(path: path, options.format, isCancelled: isCancelled)
    guard file.size != nil else {
      throw DataError(
        file.name, expected: "a file, since a table is read several times", found: "a pipe",
        advice: "save it as a file first")
    }
    guard let target = file.columns.firstIndex(of: options.target) else {
      throw DataError(
        file.name, expected: "a column \"\(options.target)\", as in \(survey.name)",
        found: "columns " + file.columns.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    let missing = MissingTexts(options.missing, DecimalReader(decimal: file.format.decimal))
    var read = 0
    while let record = try file.next() {
      read += 1
      if read & 1023 == 0, isCancelled() { throw CancellationError() }
      if !record.withContent(target, { missing.contains($0) }) { rows += 1 }
    }
  }
}
