import SkeinFiles
import SkeinReport
import SkeinRun
import SkeinTraining

/// The prediction for one sample, as it is printed.
struct PredictedRow: Encodable {
  let file: String
  /// The row in the file, from 0 on.
  let sample: Int
  /// The class, and the scores of all classes; nil where values are told.
  let className: String?
  let scores: [Float]?
  /// What is told of the sample, by the outputs' names; nil where classes are told.
  let values: [String: Float]?
  let hidden: [Float]?
  /// The same in the outputs' order.
  let named: [(name: String, value: Float)]

  init(file: String, sample: Int, _ prediction: Prediction, _ data: RunData) {
    self.file = file
    self.sample = sample
    hidden = prediction.hiddenState
    guard let targets = data.targets else {
      className = data.classes[prediction.label]
      (scores, values, named) = (prediction.scores, nil, [])
      return
    }
    (className, scores) = (nil, nil)
    named = zip(targets.names, prediction.scores).map { ($0, $1) }
    // A run's file may come from a stranger, with two outputs of one name.
    values = Dictionary(zip(targets.names, prediction.scores)) { first, _ in first }
  }

  /// The names in JSON.
  enum CodingKeys: String, CodingKey {
    case file, sample, scores, values, hidden
    case className = "class"
  }
}

/// Prints rows as they come: a line each, or all of them as one JSON array. The array has the same
/// bytes as if all rows were encoded at once.
struct RowPrinter {
  let json: Bool
  /// The columns of the terminal; nil where a program reads the rows, which then stay whole.
  private let width: Int?
  private var isFirst = true
  /// The printable form of each file and class. To make one takes longer than a prediction.
  private var shown: [String: String] = [:]

  init(json: Bool, width: Int?) {
    self.json = json
    self.width = width
  }

  /// Prints some rows.
  ///
  /// - Precondition: `rows` is not empty.
  mutating func print(_ rows: [PredictedRow]) throws {
    guard json else {
      TextStream.output.write(rows.map { line($0) }.joined())
      return
    }
    // A whole array is "[\n", the rows with ",\n" between them, and "\n]".
    let text = try JSONText.encode(rows, isPretty: true)
    TextStream.output.write((isFirst ? "[\n" : ",\n") + text.dropFirst(2).dropLast(2))
    isFirst = false
  }

  private mutating func line(_ row: PredictedRow) -> String {
    let score = row.scores?.max().map { decimals(Double($0), 4) } ?? ""
    let states = row.hidden.map { "  " + $0.map { "\($0)" }.joined(separator: " ") } ?? ""
    guard let className = row.className else {
      let values = row.named.map { "\(printable($0.name)) \($0.value)" }.joined(separator: "  ")
      let line = "\(printable(row.file))  \(row.sample)  \(values)\(states)"
      return (width.map { line.wrapped(to: $0) } ?? line) + "\n"
    }
    var (file, name) = (printable(row.file), printable(className))
    if let width {
      let room = width - "  \(row.sample)    \(score)".count
      // The shorter one stays whole where it takes less than half.
      let half = max(room / 2, 1)
      name = name.shortened(to: max(half, room - file.columns))
      file = file.shortened(to: max(half, room - name.columns))
    }
    let line = "\(file)  \(row.sample)  \(name)  \(score)\(states)"
    return (width.map { line.wrapped(to: $0) } ?? line) + "\n"
  }

  private mutating func printable(_ text: String) -> String {
    if let known = shown[text] { return known }
    let printable = text.printable()
    shown[text] = printable
    return printable
  }

  /// Ends the JSON array.
  func finish() {
    if json { TextStream.output.write(isFirst ? "[\n\n]\n" : "\n]\n") }
  }
}
