import SkeinFiles

/// What each column of a table becomes: an element or several of a sample, the target, or nothing.
struct TableSchema {
  /// What the targets are.
  enum Target: Equatable {
    /// Classes, by name.
    case classes([String])
    /// Values, of which the training split's have this mean and deviation.
    case values(mean: Double, deviation: Double)
  }

  /// The columns that samples are made of, in the file's order.
  private(set) var features: [Feature] = []
  private(set) var target = Target.classes([])
  /// What is to be told of each column, in the file's order.
  private(set) var report: [TableReport.Column] = []
  private let survey: TableSurvey
  private let options: TableOptions

  /// Decides for every column.
  ///
  /// - Throws: `DataError` with all columns that are neither numbers nor categories.
  init(_ survey: TableSurvey, _ options: TableOptions) throws {
    (self.survey, self.options) = (survey, options)
    var faults: [DataFault] = []
    for index in survey.columns.indices {
      do {
        try decide(index)
      } catch let error as DataError {
        faults += error.faults
      }
    }
    guard faults.isEmpty else { throw DataError(faults) }
    guard !features.isEmpty else {
      throw DataError(
        survey.name, expected: "a column beside the target that tells rows apart", found: "none")
    }
  }

  private mutating func decide(_ index: Int) throws {
    let (name, column) = (survey.columns[index], survey.surveys[index])
    if index == survey.target {
      target = try decideTarget(column)
      return report.append(.init(name, "target", missing: column.missing, describe(target)))
    }
    func leaveOut(_ why: String) {
      report.append(.init(name, "left out", missing: column.missing, why))
    }
    if name == options.weight {
      return report.append(.init(name, "weight", missing: 0, "how much a row counts in the loss"))
    }
    if survey.isIgnored[index] { return leaveOut("as --ignore says") }
    if column.trainCount == 0 { return leaveOut("no value in any training row") }
    let isAsked = (options.numbers + options.categories).contains(name)
    if column.countsRows, !isAsked { return leaveOut("it counts the rows; --numbers takes it in") }
    let feature =
      try isNumber(name, column) ? number(name, column) : category(name, column)
    if !feature.hasMissing, feature.deviation == 0 || feature.levels?.count == 1 {
      return leaveOut("it has one value in all training rows")
    }
    features.append(feature)
    report.append(.init(feature, column))
  }

  /// Whether a column holds numbers: the user says so, or no value is anything else.
  private func isNumber(_ name: String, _ column: ColumnSurvey) throws -> Bool {
    if options.categories.contains(name) { return false }
    let isAsked = options.numbers.contains(name)
    guard let (place, text) = column.firstText else { return true }
    // A category's names may look like numbers now and then. A few texts among numbers are a
    // mistake, or stand for a missing value.
    guard isAsked || column.numbers >= column.texts else { return false }
    throw DataError(
      DataFault(
        place, at: "column \"\(name)\"",
        expected: "a number, as in \(counted(column.numbers, "other row"))",
        found: "\"\(text)\"" + (column.texts > 1 ? ", and \(column.texts - 1) more texts" : ""),
        advice: "where it means that the value is missing, add --missing '\(text)'; where the "
          + "column is a category, --categories '\(name)'; --ignore leaves it out"))
  }

  private func number(_ name: String, _ column: ColumnSurvey) throws -> Feature {
    let (mean, deviation) = (column.mean, column.deviation)
    guard mean.isFinite, deviation.isFinite else {
      throw DataError(
        survey.name, at: "column \"\(name)\"", expected: "numbers whose squares a Double holds",
        found: "\(column.least)…\(column.greatest)", advice: "--ignore leaves the column out")
    }
    return .number(name, mean: mean, deviation: deviation, missing: column.trainMissing > 0)
  }

  private func category(_ name: String, _ column: ColumnSurvey) throws -> Feature {
    let place = column.firstText?.place ?? survey.name
    let levels = try column.names(ofAll: false, survey.decimals, place: place)
    let isAsked = options.categories.contains(name)
    // Names, texts and numbers of tickets tell nothing that another row could use.
    let most = isAsked ? column.levelLimit : min(column.levelLimit, max(20, column.trainCount / 2))
    guard let levels, levels.count <= most else {
      let advice =
        isAsked
        ? "--ignore leaves it out"
        : "--ignore '\(name)' leaves it out; --categories '\(name)' takes up to "
          + "\(TableOptions.namedLevels)"
      throw DataError(
        place, at: "column \"\(name)\"",
        expected: "a category of at most \(most) different texts of at most "
          + "\(ColumnSurvey.textLimit) bytes",
        found: levels.map { "\($0.count)" } ?? "more, or longer ones", advice: advice)
    }
    return .category(name, levels: levels, missing: column.trainMissing > 0)
  }

  private func decideTarget(_ column: ColumnSurvey) throws -> Target {
    let place = "column \"\(options.target)\""
    func fault(_ expected: String, _ found: String, _ advice: String? = nil) -> DataError {
      DataError(survey.name, at: place, expected: expected, found: found, advice: advice)
    }
    if options.isRegression {
      if let (position, text) = column.firstText {
        throw DataError(
          position, at: place, expected: "a number, for --regression", found: "\"\(text)\"",
          advice: "where it means that the value is missing, add --missing '\(text)'")
      }
      guard column.deviation > 0, column.deviation.isFinite else {
        throw fault("values that differ, for --regression", "\(column.mean) in all rows")
      }
      return .values(mean: column.mean, deviation: column.deviation)
    }
    let most = column.levelLimit
    let names = try column.names(
      ofAll: true, survey.decimals, place: column.firstText?.place ?? survey.name)
    guard let names else {
      throw fault(
        "at most \(most) classes, with names of at most \(ColumnSurvey.textLimit) bytes",
        "more, or longer ones", column.texts == 0 ? "for quantities add --regression" : nil)
    }
    guard names.count > 1 else {
      throw fault("at least two classes", "one, \"\(names.first ?? "")\"")
    }
    // Numbers that hardly ever repeat are quantities.
    let rows = survey.trainRows + survey.testRows
    let isAsked = options.categories.contains(options.target)
    guard column.texts > 0 || isAsked || names.count <= max(20, rows / 4) else {
      throw fault(
        "classes, several rows of each",
        "\(names.count) different numbers in "
          + counted(rows, "row"),
        "for quantities add --regression; --categories '\(options.target)' takes them as classes")
    }
    return .classes(names)
  }

  private func describe(_ target: Target) -> String {
    switch target {
    case .classes(let names):
      counted(names.count, "class", "classes") + ": "
        + names.prefix(6).map { $0.printable(limit: 24) }.joined(separator: ", ")
        + (names.count > 6 ? ", …" : "")
    case .values(let mean, let deviation):
      "values, mean \(FeatureText.short(mean)), "
        + "deviation \(FeatureText.short(deviation))"
    }
  }
}
