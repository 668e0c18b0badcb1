import SkeinFiles

/// The first pass over a table: what its columns hold.
struct TableSurvey {
  /// The file as messages name it.
  let name: String
  let format: CSVFormat
  /// The names of all columns.
  let columns: [String]
  /// The number of the column that holds the targets.
  let target: Int
  /// What each column holds, in the rows that have a target.
  private(set) var surveys: [ColumnSurvey]
  /// Whether a column is left out at the user's wish.
  private(set) var isIgnored: [Bool]
  /// Rows of the splits train and test.
  var trainRows: Int { rows.count }
  private(set) var testRows = 0
  /// Rows without a target, which no split has.
  private(set) var droppedRows = 0
  private var rows = ColumnSurvey.Rows()
  let decimals: DecimalReader
  let missingTexts: MissingTexts

  /// Reads the whole file.
  ///
  /// - Parameter report: gets the bytes that were read, and how many there are.
  /// - Throws: `DataError` where it is no table, or has not the columns that `options` name;
  ///   `CancellationError`.
  init(
    path: String, _ options: TableOptions, isCancelled: @escaping @Sendable () -> Bool,
    report: (_ done: Int, _ total: Int) -> Void
  ) throws {
    let file = try CSVFile(path: path, options.format, isCancelled: isCancelled)
    guard let size = file.size else {
      throw DataError(
        file.name, expected: "a file, since a table is read several times", found: "a pipe",
        advice: "save it as a file first")
    }
    (name, format, columns) = (file.name, file.format, file.columns)
    try Self.checkNames(options, file)
    target = columns.firstIndex(of: options.target) ?? 0
    decimals = DecimalReader(decimal: format.decimal)
    missingTexts = MissingTexts(options.missing, decimals)
    isIgnored = columns.map { options.ignored.contains($0) || $0 == options.weight }
    surveys = columns.map { column in
      let isNamed = options.categories.contains(column) || column == options.target
      return ColumnSurvey(
        levelLimit: isNamed ? TableOptions.namedLevels : TableOptions.guessedLevels)
    }
    var split = RowSplit(
      share: options.testFile == nil ? options.testShare : 0, seed: options.seed)
    while let record = try file.next() {
      if file.rows & 1023 == 0 {
        if isCancelled() { throw CancellationError() }
        report(file.offset, size)
      }
      rows.number = file.rows
      add(record, &split)
    }
    guard file.rows > 0 else {
      throw DataError(name, expected: "rows below the names", found: "none")
    }
    guard trainRows + testRows > 0 else {
      throw DataError(
        name, at: "column \"\(options.target)\"", expected: "targets",
        found: "\(counted(file.rows, "row")), none of which has one")
    }
  }

  private mutating func add(_ record: Record, _ split: inout RowSplit) {
    let isMissing = record.withContent(target) { missingTexts.contains($0) }
    let isTest = !isMissing && split.next()
    if isMissing { droppedRows += 1 } else if isTest { testRows += 1 } else { rows.grow() }
    for column in surveys.indices {
      // A row without a target counts for nothing else.
      if isMissing ? column != target : isIgnored[column] { continue }
      surveys[column].add(record, column, isTrain: !isTest, rows, decimals, missingTexts)
    }
  }

  /// Columns that the user names must be there.
  private static func checkNames(_ options: TableOptions, _ file: CSVFile) throws {
    var faults: [DataFault] = []
    func check(_ names: [String], _ option: String) {
      for name in names where !file.columns.contains(name) {
        let near = file.columns.first { $0.lowercased() == name.lowercased() }
        faults.append(
          DataFault(
            file.name, expected: "a column \"\(name)\", for \(option)",
            found: "columns " + file.columns.map { "\"\($0)\"" }.joined(separator: ", "),
            advice: near.map { "did you mean \"\($0)\"?" }))
      }
    }
    check([options.target], "--target")
    check(options.weight.map { [$0] } ?? [], "--weight")
    check(options.ignored, "--ignore")
    check(options.numbers, "--numbers")
    check(options.categories, "--categories")
    for name in options.ignored where name == options.target {
      faults.append(
        DataFault(
          file.name, expected: "a target that is not ignored", found: "\"\(name)\" in --ignore"))
    }
    if options.weight == options.target {
      faults.append(
        DataFault(
          file.name, expected: "another column than the target, for --weight",
          found: "\"\(options.target)\""))
    }
    for name in options.numbers where options.categories.contains(name) {
      faults.append(
        DataFault(
          file.name, expected: "numbers or categories in column \"\(name)\"",
          found: "both --numbers and --categories"))
    }
    guard faults.isEmpty else { throw DataError(faults) }
  }
}
