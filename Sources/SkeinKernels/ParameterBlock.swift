import SkeinFiles

/// A rectangle of a parameter, in the buffer that holds it: what is reduced and updated at a time.
public struct ParameterBlock: Sendable, Equatable {
  /// The first element's place in the buffer.
  public let start: Int
  /// How many rows of the parameter it covers, ≥ 0.
  public let rows: Int
  /// How many elements of each row, ≥ 0.
  public let columns: Int
  /// How many elements further the next row begins.
  public let stride: Int

  /// - Precondition: there is an element, and rows do not overlap.
  public init(start: Int, rows: Int, columns: Int, stride: Int) {
    require(
      start >= 0 && rows > 0 && columns > 0 && stride >= columns,
      "a block of \(rows) rows of \(columns), \(stride) apart, at \(start)")
    self.start = start
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// How many elements it has.
  public var count: Int { rows * columns }

  /// From its first element to its last one; without gaps where its rows are whole.
  public var range: Range<Int> { start..<(start + (rows - 1) * stride + columns) }
}
