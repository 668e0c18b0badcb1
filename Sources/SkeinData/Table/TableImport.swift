import SkeinFiles

/// Makes datasets out of tables.
public enum TableImport {
  /// The zstd level of tables, where nobody asks for another one: Floats of many digits hardly get
  /// smaller, and level 9 takes several times as long as all the rest.
  public static let usualLevel = 1
  /// The bytes of the samples in a shard, where nobody asks for a number of samples.
  private static let shardBytes = 8 << 20

  /// Makes the dataset `path` of the table in the file `table`, which is read several times: to
  /// look at all columns, and then for each split. Memory: a shard, and the levels of categories.
  ///
  /// - Parameters:
  ///   - description: name and provenance; classes come from the table.
  ///   - options: what is known of the table.
  ///   - told: gets what the table was understood as, before anything is written.
  /// - Throws: `DataError` with the places of all columns that cannot be used; `FileSystemError`,
  ///   `CancellationError`. What stood at `path` then stays.
  /// - Returns: what was written.
  @discardableResult
  public static func create(
    _ path: String, from table: String, _ options: TableOptions,
    _ description: DatasetImport.Description = .init(), writing: DatasetWriter.Options = .init(),
    existing: DatasetWriter.Existing = .refuse, told: (TableReport) -> Void = { _ in }
  ) throws -> Manifest {
    require(
      options.testShare == 0 || (1e-6...0.999).contains(options.testShare),
      "a share of \(options.testShare)")
    let survey = try TableSurvey(
      path: table, options, isCancelled: writing.isCancelled, report: writing.report)
    let schema = try TableSchema(survey, options)
    let heldOut = try options.testFile.map {
      try TableCount(path: $0, survey, options, isCancelled: writing.isCancelled).rows
    }
    let testRows = heldOut ?? survey.testRows
    try check(survey, options, testRows: testRows)
    told(report(survey, schema, options, testRows: testRows))
    let manifest = manifest(path, survey, schema, options, description)
    var writing = writing
    if writing.shardSamples == nil {
      // A shard is a wait for the disk. Samples are small, so that the usual 10,000 are soon read.
      writing.shardSamples = max(1, shardBytes / (4 * manifest.sample.shape[0]))
    }
    let writer = try DatasetWriter(
      creating: path, manifest, options: writing, existing: existing)
    let split = RowSplit(
      share: options.testFile == nil ? options.testShare : 0, seed: options.seed)
    try add(
      "train", from: table, .heldOut(split, false), count: survey.trainRows, survey, schema,
      options, to: writer, writing)
    if testRows > 0 {
      try add(
        "test", from: options.testFile ?? table,
        options.testFile == nil ? .heldOut(split, true) : .all, count: testRows, survey, schema,
        options, to: writer, writing)
    }
    try writer.finish()
    return writer.manifest
  }

  private static func add(
    _ split: String, from path: String, _ rows: TableStream.Rows, count: Int,
    _ survey: TableSurvey, _ schema: TableSchema, _ options: TableOptions,
    to writer: DatasetWriter, _ writing: DatasetWriter.Options
  ) throws {
    let file = try CSVFile(path: path, options.format, isCancelled: writing.isCancelled)
    let decimals = DecimalReader(decimal: file.format.decimal)
    let missing = MissingTexts(options.missing, decimals)
    let encoder = try RowEncoder(
      schema.features, columns: file.columns, decimals, missing, name: file.name)
    let field = file.columns.firstIndex(of: options.target) ?? survey.target
    let target = TargetColumn(schema.target, field: field, decimals)
    let weight = try weight(in: file, options, decimals)
    // A megabyte at a time, as the writer asks for it.
    var stream = AheadStream(
      TableStream(file, rows, count: count, encoder, target, weight, missing),
      piece: max(1, (1 << 20) / (4 * encoder.width)))
    try writer.add(split, from: &stream)
    stream.base().warnings.forEach(writing.warn)
  }

  /// The column with the weights; nil where none is asked for.
  private static func weight(
    in file: CSVFile, _ options: TableOptions, _ decimals: DecimalReader
  ) throws -> WeightColumn? {
    guard let name = options.weight else { return nil }
    // The table to train on has it; a test file is asked here.
    guard let field = file.columns.firstIndex(of: name) else {
      throw DataError(
        file.name, at: "names of the columns", expected: "a column \"\(name)\", for --weight",
        found: file.columns.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return WeightColumn(field: field, decimals: decimals)
  }

  private static func check(
    _ survey: TableSurvey, _ options: TableOptions, testRows: Int
  ) throws {
    let rows = counted(survey.trainRows + survey.testRows, "row")
    guard survey.trainRows > 0 else {
      throw DataError(
        survey.name, expected: "rows to train on", found: "all of \(rows) held out",
        advice: "hold out fewer, as with --test 0.2")
    }
    guard testRows > 0 || options.testShare == 0 && options.testFile == nil else {
      throw DataError(
        options.testFile ?? survey.name, expected: "rows for the split test",
        found: options.testFile == nil ? "none held out of \(rows)" : "none with a target",
        advice: "--test 0 makes a dataset without that split")
    }
  }

  private static func manifest(
    _ path: String, _ survey: TableSurvey, _ schema: TableSchema, _ options: TableOptions,
    _ description: DatasetImport.Description
  ) -> Manifest {
    let name = description.name ?? PathBytes.components(path).last { !$0.isEmpty } ?? "dataset"
    let width = schema.features.reduce(0) { $0 + $1.width }
    let sample = Manifest.Sample(shape: [width], type: .float32)
    var manifest =
      switch schema.target {
      case .classes(let classes):
        Manifest(
          name: name, classes: classes, sample: sample, provenance: description.provenance)
      case .values:
        Manifest(
          name: name, values: ValueTargets(names: [options.target]), sample: sample,
          provenance: description.provenance)
      }
    manifest.format = 2
    manifest.features = schema.features
    manifest.table = TableOrigin(
      target: options.target, missing: options.missing.isEmpty ? nil : options.missing,
      columns: survey.format.hasHeader ? nil : survey.columns.count)
    return manifest
  }

  private static func report(
    _ survey: TableSurvey, _ schema: TableSchema, _ options: TableOptions, testRows: Int
  ) -> TableReport {
    var notes: [String] = []
    let rows = survey.trainRows + survey.testRows
    if survey.droppedRows > 0 {
      notes.append(
        "\(counted(survey.droppedRows, "row")) without a target "
          + (survey.droppedRows == 1 ? "is" : "are") + " left out.")
    }
    if options.testFile != nil {
      notes.append("\(counted(rows, "row")) to train on, \(testRows) in the test file.")
    } else if testRows == 0 {
      notes.append("All \(counted(rows, "row")) to train on; there is no split test.")
    } else {
      notes.append(
        "\(testRows) of \(counted(rows, "row")) are held out as the split test, by seed "
          + "\(options.seed) (--test 0 holds out none). Means, deviations and levels are of the "
          + "others.")
    }
    return TableReport(
      format: survey.format.text.prefix(1).uppercased() + survey.format.text.dropFirst(),
      columns: schema.report, width: schema.features.reduce(0) { $0 + $1.width }, notes: notes)
  }
}
