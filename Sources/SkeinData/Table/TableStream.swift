import SkeinFiles

/// The rows of one split of a table, as samples.
///
/// `@unchecked Sendable`: one thread at a time uses it, and nobody else has its file.
struct TableStream: SampleStream, @unchecked Sendable {
  /// Which rows of a file are of the split.
  enum Rows {
    case all
    /// Those that `RowSplit` holds out, or the others.
    case heldOut(RowSplit, Bool)
  }

  let count: Int
  let sample: Manifest.Sample
  var name: String { file.name }
  private let file: CSVFile
  private var rows: Rows
  private var encoder: RowEncoder
  private let target: TargetColumn
  /// The column with the weights; nil where all rows count the same.
  private let weight: WeightColumn?
  private let missingTexts: MissingTexts

  /// - Parameters:
  ///   - count: how many rows of the split have a target.
  ///   - target: the column with the targets.
  ///   - weight: the column with the weights.
  init(
    _ file: CSVFile, _ rows: Rows, count: Int, _ encoder: RowEncoder, _ target: TargetColumn,
    _ weight: WeightColumn?, _ missingTexts: MissingTexts
  ) {
    self.weight = weight
    (self.file, self.rows, self.count, self.encoder) = (file, rows, count, encoder)
    (self.target, self.missingTexts) = (target, missingTexts)
    sample = Manifest.Sample(shape: [encoder.width], type: .float32)
  }

  /// What is strange about the rows.
  var warnings: [String] { encoder.warnings }

  var outputs: Int? { target.outputs }

  var hasWeights: Bool { weight != nil }

  mutating func next(samples: UnsafeMutableRawBufferPointer, targets: TargetMemory) throws {
    let elements = samples.bindMemory(to: Float.self)
    guard let start = elements.baseAddress else { return }
    for index in 0..<(elements.count / encoder.width) {
      let record = try nextRow()
      try target.read(record, into: targets, at: index)
      if let weight, let room = targets.weights { room[index] = try weight.read(record) }
      try encoder.encode(record, to: start + index * encoder.width)
    }
  }

  /// The next row of the split that has a target.
  private mutating func nextRow() throws -> Record {
    while let record = try file.next() {
      if record.withContent(target.field, { missingTexts.contains($0) }) { continue }
      guard case .heldOut(var split, let isWanted) = rows else { return record }
      let isHeldOut = split.next()
      rows = .heldOut(split, isWanted)
      if isHeldOut == isWanted { return record }
    }
    throw changed("the end of the file")
  }

  /// Checks that no row is left.
  mutating func finish() throws {
    while let record = try file.next() {
      if record.withContent(target.field, { missingTexts.contains($0) }) { continue }
      if case .heldOut(var split, let isWanted) = rows {
        let isHeldOut = split.next()
        rows = .heldOut(split, isWanted)
        if isHeldOut != isWanted { continue }
      }
      throw changed("more")
    }
  }

  private func changed(_ found: String) -> DataError {
    DataError(
      name, expected: counted(count, "row") + " as before", found: found,
      advice: "the file has changed while it was read; let it rest and try again")
  }
}
