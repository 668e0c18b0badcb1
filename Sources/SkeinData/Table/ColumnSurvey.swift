/// What one column of a table holds, gathered row by row.
///
/// Mean and deviation are of the training rows, by Welford's method in the order of the rows: with
/// the n-th number x, mean += (x − mean) · (1/n) and M += (x − old mean)(x − new mean), in Double.
/// The deviation is √(M/n).
struct ColumnSurvey {
  /// The most levels of a category; also the most texts that are kept to find out whether a column
  /// is one.
  let levelLimit: Int
  /// Rows of the training split that have a value, and that have none.
  private(set) var trainCount = 0
  private(set) var trainMissing = 0
  /// Rows of both splits that have none.
  private(set) var missing = 0
  /// Values of both splits that are numbers, and that are none.
  private(set) var numbers = 0
  private(set) var texts = 0
  /// The first value that is no number: `FILE:LINE:COLUMN`, and what stands there.
  private(set) var firstText: (place: String, text: String)?
  /// Of the training rows' numbers.
  private(set) var mean = 0.0
  private var squares = 0.0
  private(set) var least = Double.infinity
  private(set) var greatest = -Double.infinity
  private var trainNumbers = 0
  /// The texts there are; nil once there are more than `levelLimit`, or one is too long for a name.
  private(set) var levels: LevelTable? = LevelTable()
  /// Whether all numbers are by one distance away from the rows' numbers in the file.
  private var counts = true
  private var previousShift: Double?

  /// The most bytes of a level's text.
  static let textLimit = 1000

  init(levelLimit: Int) { self.levelLimit = levelLimit }

  /// √(M/n); 0 where there is no number.
  var deviation: Double {
    trainNumbers > 0 ? (squares / Double(trainNumbers)).squareRoot() : 0
  }

  /// Whether its numbers count the rows, one by one.
  var countsRows: Bool { counts && texts == 0 && missing == 0 && numbers > 2 }

  /// The training rows.
  struct Rows {
    /// How many there are, n.
    private(set) var count = 0
    /// 1/n.
    private(set) var inverse = 0.0
    /// The number in the file of the row that is taken in, whichever split it is of.
    var number = 0

    /// One more.
    mutating func grow() {
      count += 1
      inverse = 1 / Double(count)
    }
  }

  /// Takes in the field `index` of `record`.
  ///
  /// - Parameter rows: the training rows, this one among them if it is one.
  @inline(__always)
  mutating func add(
    _ record: Record, _ index: Int, isTrain: Bool, _ rows: Rows, _ decimals: DecimalReader,
    _ missingTexts: MissingTexts
  ) {
    let isMissing = missingTexts.hasNumbers && record.withContent(index, missingTexts.contains)
    if !isMissing, let value = record.number(index, decimals) {
      numbers += 1
      if counts {
        let shift = value - Double(rows.number)
        counts = shift == previousShift ?? shift
        previousShift = shift
      }
      if isTrain { add(value, rows) }
    } else if record.withContent(index, missingTexts.contains) {
      missing += 1
      if isTrain { trainMissing += 1 }
      return
    } else {
      texts += 1
      if firstText == nil {
        firstText = ("\(record.name):\(record.position(of: index))", record.shown(index))
      }
    }
    if isTrain { trainCount += 1 }
    if levels != nil { record.withContent(index) { insert($0, isTrain) } }
  }

  @inline(__always)
  private mutating func add(_ value: Double, _ rows: Rows) {
    trainNumbers += 1
    let difference = value - mean
    // Of most columns all rows have a number, so that most inverses are known.
    mean += difference * (trainNumbers == rows.count ? rows.inverse : 1 / Double(trainNumbers))
    squares += difference * (value - mean)
    if value < least { least = value }
    if value > greatest { greatest = value }
  }

  private mutating func insert(_ text: UnsafeBufferPointer<UInt8>, _ isTrain: Bool) {
    guard text.count <= Self.textLimit, let index = levels?.insert(text), index < levelLimit else {
      levels = nil
      return
    }
    if isTrain { levels?.count(index) }
  }

  /// The texts of the training rows, or of all rows, as names: by their values where all are
  /// numbers, else by their bytes. Nil where they were too many.
  ///
  /// - Throws: `DataError` at `place` for one that is not UTF-8.
  func names(ofAll: Bool, _ decimals: DecimalReader, place: String) throws -> [String]? {
    guard let levels else { return nil }
    let texts = (0..<levels.count).filter { ofAll || levels.trainCount($0) > 0 }
      .map { levels.text($0) }
    let named = try texts.map { bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw DataError(
          place, expected: "text in UTF-8", found: "\"\(String(decoding: bytes, as: UTF8.self))\"",
          advice: "convert the file, as with iconv -f latin1 -t utf8 FILE > NEW")
      }
      return (text: text, bytes: bytes, value: bytes.withUnsafeBufferPointer { decimals.read($0) })
    }
    let areNumbers = named.allSatisfy { $0.value != nil }
    return named.sorted { first, second in
      if areNumbers, let a = first.value, let b = second.value, a != b { return a < b }
      return first.bytes.lexicographicallyPrecedes(second.bytes)
    }.map(\.text)
  }
}
