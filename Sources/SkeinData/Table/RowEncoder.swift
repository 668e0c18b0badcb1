import SkeinFiles

/// Makes samples of a table's rows, whatever the order of its columns: see `Feature`.
///
/// Training, evaluation and prediction use it alike, so that a row has the same bits in each.
struct RowEncoder {
  /// What is needed of nearly all fields, in little memory.
  private struct Plan {
    /// Whether the column holds numbers that differ.
    let isNumber: Bool
    let field: Int
    let offset: Int
    let mean: Double
    let deviation: Double
  }

  /// A feature, where its column stands in the file.
  private struct Column {
    let feature: Feature
    let isNumber: Bool
    /// The number of the field.
    let field: Int
    /// The number of its first element.
    let offset: Int
    /// 0 where the deviation is 0 or the column holds no numbers.
    let deviation: Double
    let mean: Double
    /// The levels of a category; empty for numbers.
    let levels: LevelTable
    /// Rows without a value, where no training row lacked one.
    var oddMissing = 0
    /// Rows with a level that no training row has, and the first of them.
    var unknown = 0
    var firstUnknown = ""
  }

  /// How many elements a sample has.
  let width: Int
  private var columns: [Column] = []
  private let plans: [Plan]
  private let decimals: DecimalReader
  private let missingTexts: MissingTexts
  private let name: String

  /// - Parameters:
  ///   - features: what samples are made of.
  ///   - columns: the names of the file's columns.
  ///   - name: the file, for errors.
  /// - Throws: `DataError` with the columns that the file has not.
  init(
    _ features: [Feature], columns names: [String], _ decimals: DecimalReader,
    _ missingTexts: MissingTexts, name: String
  ) throws {
    (self.decimals, self.missingTexts, self.name) = (decimals, missingTexts, name)
    let places = Dictionary(
      names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var offset = 0
    var missing: [String] = []
    for feature in features {
      if let field = places[feature.name] {
        columns.append(
          Column(
            feature: feature, isNumber: feature.kind == .number, field: field, offset: offset,
            deviation: feature.deviation ?? 0,
            mean: feature.mean ?? 0, levels: LevelTable(feature.levels ?? [])))
      } else {
        missing.append(feature.name)
      }
      offset += feature.width
    }
    width = offset
    plans = columns.map { column in
      Plan(
        isNumber: column.isNumber && column.deviation > 0, field: column.field,
        offset: column.offset, mean: column.mean, deviation: column.deviation)
    }
    guard missing.isEmpty else {
      func list(_ names: [String]) -> String {
        names.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
          + (names.count > 20 ? ", … (\(names.count) in all)" : "")
      }
      throw DataError(
        name, at: "names of the columns",
        expected: (missing.count == 1 ? "a column " : "columns ") + list(missing),
        found: list(names),
        advice: "the names must be those of the table that was trained on, in any order")
    }
  }

  /// Writes the elements of `record` to `sample`.
  ///
  /// - Throws: `DataError` for text in a column of numbers, and for a number that is infinite as a
  ///   standardised Float.
  /// - Precondition: `sample` has room for `width` elements.
  mutating func encode(_ record: Record, to sample: UnsafeMutablePointer<Float>) throws {
    sample.update(repeating: 0, count: width)
    for index in columns.indices {
      let plan = plans[index]
      if plan.isNumber, !missingTexts.hasNumbers, let value = record.number(plan.field, decimals) {
        let element = Float((value - plan.mean) / plan.deviation)
        if element.isFinite {
          sample[plan.offset] = element
          continue
        }
      }
      try encode(index, record, sample)
    }
  }

  private mutating func encode(
    _ index: Int, _ record: Record, _ sample: UnsafeMutablePointer<Float>
  ) throws {
    let (field, offset) = (columns[index].field, columns[index].offset)
    if columns[index].isNumber {
      let isMissing = missingTexts.hasNumbers && record.withContent(field, missingTexts.contains)
      if !isMissing, let value = record.number(field, decimals) {
        guard columns[index].deviation > 0 else { return }
        let element = Float((value - columns[index].mean) / columns[index].deviation)
        guard element.isFinite else { throw tooLarge(index, record) }
        sample[offset] = element
        return
      }
      guard record.withContent(field, missingTexts.contains) else { throw noNumber(index, record) }
    } else {
      if let level = record.withContent(field, columns[index].levels.find) {
        sample[offset + level] = 1
        return
      }
      guard record.withContent(field, missingTexts.contains) else {
        return noteUnknown(index, record)
      }
    }
    let feature = columns[index].feature
    if feature.hasMissing {
      sample[offset + feature.width - 1] = 1
    } else {
      columns[index].oddMissing += 1
    }
  }

  private mutating func noteUnknown(_ index: Int, _ record: Record) {
    let field = columns[index].field
    if columns[index].unknown == 0 {
      columns[index].firstUnknown =
        "\"\(record.shown(field))\" in line \(record.position(of: field).line)"
    }
    columns[index].unknown += 1
  }

  private func noNumber(_ index: Int, _ record: Record) -> DataError {
    let column = columns[index]
    return DataError(
      record.fault(
        column.field, at: "column \"\(column.feature.name)\"",
        expected: "a number, as in the table that is trained on",
        found: "\"\(record.shown(column.field))\"",
        advice: "where it means that the value is missing, add "
          + "--missing '\(record.shown(column.field))'"))
  }

  private func tooLarge(_ index: Int, _ record: Record) -> DataError {
    let column = columns[index]
    return DataError(
      record.fault(
        column.field, at: "column \"\(column.feature.name)\"",
        expected: "a number like those that are trained on, \(column.mean) ± \(column.deviation)",
        found: record.shown(column.field)))
  }

  /// What is strange about the rows so far, a sentence per column.
  var warnings: [String] {
    columns.flatMap { column in
      let place = "\(name): column \"\(column.feature.name)\": "
      var texts: [String] = []
      if column.oddMissing > 0 {
        texts.append(
          place + "\(counted(column.oddMissing, "row")) without a value, though no training row "
            + "lacks one: "
            + (column.feature.kind == .number ? "taken for the mean" : "none of its levels"))
      }
      if column.unknown > 0 {
        texts.append(
          place + "\(counted(column.unknown, "row")) with a level that no training row has, of "
            + "which the first is \(column.firstUnknown): none of its levels")
      }
      return texts
    }
  }
}
