import SkeinFiles

/// Reads the targets of samples from an array: labels, or values.
struct TargetReader {
  /// What they are.
  enum Targets {
    /// Class numbers, counted from 0. `classCount` is how many classes the array itself speaks of;
    /// nil where only its labels tell.
    case labels([Int32], classCount: Int?)
    /// So many values per sample, row by row, all finite.
    case values([Float], outputs: Int)
  }

  /// What was read.
  let targets: Targets

  /// Reads all targets, so that memory grows with what the file really holds.
  ///
  /// Integers are labels and numbers with fractions are values, unless `reading` says what targets
  /// are. Floats that are whole numbers or one-hot rows are labels, as Keras and pandas leave them.
  ///
  /// - Parameters:
  ///   - count: how many samples there are, whose file `samples` names.
  /// - Throws: `DataError` where these are no targets, or not as many.
  init(_ array: ArrayReader, count: Int, samples: String, _ reading: ArrayReading) throws {
    let name = array.path
    let shape = array.shape
    let total = ArrayShape.product(shape) ?? 0
    // [N], and also [N, 1] or [1, N]; else [N, K].
    let isList = ArrayShape.squeezed(shape).count <= 1 && total == count
    let isTable = shape.first == count && ArrayShape.squeezed(shape.dropFirst()).count <= 1
    guard isList || isTable else {
      let isFlat = ArrayShape.squeezed(shape.dropFirst()).count <= 1
      throw DataError(
        name, at: "header", expected: "\(counted(count, "label")), one per sample of \(samples)",
        found: isFlat ? "\(shape.first ?? 1)" : "\(ArrayShape.text(shape)) \(array.type)")
    }
    let columns = isList ? 1 : total / max(1, count)
    if let column = reading.labelColumn, !(0..<columns).contains(column) {
      throw DataError(
        name, at: "header", expected: "a column \(column), for --label-column \(column)",
        found: "\(counted(columns, "column")), numbered from 0")
    }
    let mayGuess =
      reading.targets == .guessed && reading.labelColumn == nil && reading.firstLabel == 0
    let isGuessed = mayGuess && !array.type.isInteger
    let numbers = try TargetNumbers(array, areKept: isGuessed)
    let areValues =
      isGuessed ? !numbers.areLikeLabels(columns: columns) : reading.targets == .values
    if areValues {
      if isGuessed {
        reading.note(
          "\(name): numbers with fractions, read as "
            + (columns == 1 ? "values" : "\(columns) values for each sample"))
      }
      targets = try Self.values(numbers, columns: columns, reading)
    } else {
      let read = try LabelReader(numbers, columns: columns, reading)
      if isGuessed, columns == 1 {
        reading.note(
          "\(name): whole numbers in \(array.type.rawValue), read as classes; --regression reads "
            + "them as values")
      }
      targets = .labels(read.labels, classCount: read.classCount)
    }
  }

  private static func values(
    _ numbers: TargetNumbers, columns: Int, _ reading: ArrayReading
  ) throws -> Targets {
    var values: [Float] = []
    var bad: (row: Int, value: Double)?
    var badCount = 0
    try numbers.forEach { index, number in
      if let column = reading.labelColumn, index % columns != column { return }
      let value = Float(number)
      values.append(value)
      guard !value.isFinite else { return }
      badCount += 1
      bad = bad ?? (index / columns, number)
    }
    if let bad {
      throw DataError(
        numbers.name, at: "target of " + numbered([bad.row], "sample"),
        expected: "a number that is finite as float32",
        found: "\(bad.value)" + (badCount > 1 ? ", the first of \(badCount) such numbers" : ""),
        advice: "mend or leave out those samples: nothing can be learnt of them")
    }
    return .values(values, outputs: reading.labelColumn == nil ? columns : 1)
  }
}
