/// A rectangle of a parameter, in the buffer that holds it: what is reduced and updated at a time.
package struct ParameterBlock: Sendable, Equatable {
  /// The first element's place in the buffer.
  package let start: Int
  package let rows: Int
  package let columns: Int
  /// How many elements further the next row begins.
  package let stride: Int

  /// - Precondition: there is an element, and rows do not overlap.
  package init(start: Int, rows: Int, columns: Int, stride: Int) {
    require(
      start >= 0 && rows > 0 && columns > 0 && stride >= columns,
      "a block of \(rows) rows of \(columns), \(stride) apart, at \(start)")
    self.start = start
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// All of a parameter that stands at `start`.
  package init(start: Int, shape: Shape) {
    let columns = shape.rank == 0 ? 1 : shape[shape.rank - 1]
    self.init(start: start, rows: shape.count / columns, columns: columns, stride: columns)
  }

  package var count: Int { rows * columns }

  /// From its first element to its last one; without gaps where its rows are whole.
  var range: Range<Int> { start..<(start + (rows - 1) * stride + columns) }
}
