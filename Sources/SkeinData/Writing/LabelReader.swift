import SkeinFiles

/// Reads the labels of samples from an array: a list, one-hot rows, or one column of several.
struct LabelReader {
  /// Class numbers, counted from 0.
  private(set) var labels: [Int32] = []
  /// How many classes the array itself speaks of; nil where only its labels tell.
  private(set) var classCount: Int?
  private let name: String
  private let reading: ArrayReading

  /// Reads the labels in `numbers`, of which there are `columns` for each sample.
  ///
  /// - Throws: `DataError` where these are no labels.
  init(_ numbers: TargetNumbers, columns: Int, _ reading: ArrayReading) throws {
    name = numbers.name
    self.reading = reading
    if let column = reading.labelColumn {
      try readColumn(column, of: columns, numbers)
    } else if columns == 1 {
      try readColumn(0, of: 1, numbers)
    } else {
      try readOneHot(columns, numbers)
    }
  }

  private mutating func readColumn(
    _ column: Int, of columns: Int, _ numbers: TargetNumbers
  ) throws {
    try numbers.forEach { index, value in
      if columns > 1, index % columns != column { return }
      labels.append(try label(value))
    }
  }

  /// The class that the label `value` of the next sample means.
  private func label(_ value: Double) throws -> Int32 {
    guard value == value.rounded(), value.isFinite else {
      throw DataError(
        name, at: "label of " + numbered([labels.count], "sample"),
        expected: "a whole number, which names a class",
        found: "\(value)",
        advice: "number classes from 0 on, as labels.astype(numpy.int32); where these are values, "
          + "say so: --regression")
    }
    let first = reading.firstLabel
    guard let number = Int32(exactly: value - Double(first)) else {
      throw DataError(
        name, at: "label of " + numbered([labels.count], "sample"),
        expected: "a number that int32 holds", found: "\(value)")
    }
    guard number >= 0 || first == 0 else {
      throw DataError(
        name, at: "label of " + numbered([labels.count], "sample"),
        expected: "\(first) or more, for --first-label \(first)", found: "\(Int(value))")
    }
    return number
  }

  /// Labels of which each row has a single 1 at its class, and 0 elsewhere.
  private mutating func readOneHot(_ columns: Int, _ numbers: TargetNumbers) throws {
    guard reading.firstLabel == 0 else {
      throw DataError(
        name, at: "header", expected: "labels that are numbers, for --first-label",
        found: "\(columns) columns", advice: "leave --first-label out for one-hot labels")
    }
    var ones = 0
    var place: Int32 = 0
    try numbers.forEach { index, value in
      let column = index % columns
      if value == 1 { (ones, place) = (ones + 1, Int32(clamping: column)) }
      let isLast = column == columns - 1
      guard value == 0 || value == 1, ones <= 1, !isLast || ones == 1 else {
        throw DataError(
          name, at: "label of " + numbered([labels.count], "sample"),
          expected: "one class per sample, or one-hot labels (a single 1 in each row, else 0)",
          found: "other numbers in \(columns) columns",
          advice: "say which column holds the class, from 0 on: --label-column 0; where these are "
            + "values: --regression")
      }
      if isLast {
        labels.append(place)
        ones = 0
      }
    }
    classCount = columns
    reading.note("\(name): one-hot labels, read as \(counted(columns, "class", "classes"))")
  }
}
