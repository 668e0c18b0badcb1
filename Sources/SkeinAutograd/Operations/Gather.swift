import SkeinFiles

/// Whole rows picked by number, repeats allowed: y[i, …] = x[rows[i], …].
struct GatherRows: Operation {
  static let name = "gather"
  let rows: IndexList
  let rowCount: Int
  let width: Int
  let shape: Shape

  func resultShape(_ operands: [Shape]) -> Shape { shape }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for i in 0..<rows.count {
      let row = rows.entry(i, below: rowCount, in: Self.name)
      for j in 0..<width { y[i * width + j] = x[row * width + j] }
    }
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    guard let dx = frame.gradient(0)?.summed else { return }
    for i in 0..<rows.count {
      let row = rows.entry(i, below: rowCount, in: Self.name)
      for j in 0..<width { dx[row * width + j] += dy[i * width + j] }
    }
  }
}

/// Single elements of a matrix picked by row and column: y[i] = x[rows[i], columns[i]].
struct GatherElements: Operation {
  static let name = "gather"
  let rows: IndexList
  let columns: IndexList
  let rowCount: Int
  let columnCount: Int

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      rows.count == columns.count,
      "gather: \(rows.count) row numbers and \(columns.count) column numbers")
    return [rows.count]
  }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for i in 0..<y.count { y[i] = x[place(i)] }
  }

  func backward(_ frame: Frame) {
    let dy = frame.resultGradient
    guard let dx = frame.gradient(0)?.summed else { return }
    for i in 0..<dy.count { dx[place(i)] += dy[i] }
  }

  private func place(_ i: Int) -> Int {
    rows.entry(i, below: rowCount, in: Self.name) * columnCount
      + columns.entry(i, below: columnCount, in: Self.name)
  }
}

extension Tensor {
  /// The rows `rows` along the first axis, in that order; the same row may stand there repeatedly,
  /// and its gradient is then the sum.
  ///
  /// - Precondition: the tensor has an axis, and each number is one of its rows.
  public subscript(rows: Indices) -> Tensor {
    require(shape.rank > 0, "rows of a scalar")
    let result = shape.replacing(axis: 0, with: rows.count)
    let width = shape.sizes.dropFirst().reduce(1, *)
    return tape.record(
      GatherRows(rows: IndexList(rows, on: tape), rowCount: shape[0], width: width, shape: result),
      [self])
  }

  /// The elements (rows[i], columns[i]) of a matrix, as NumPy's `a[rows, columns]`.
  ///
  /// - Precondition: the tensor has two axes, and each pair stands in it.
  public subscript(rows: Indices, columns: Indices) -> Tensor {
    require(shape.rank == 2, "elements by row and column of shape \(shape)")
    return tape.record(
      GatherElements(
        rows: IndexList(rows, on: tape), columns: IndexList(columns, on: tape), rowCount: shape[0],
        columnCount: shape[1]),
      [self])
  }

  /// The rows `rows` along the first axis.
  public subscript(rows: [Int]) -> Tensor { self[tape.indices(rows.map(Int32.init))] }

  /// The elements (rows[i], columns[i]) of a matrix.
  public subscript(rows: [Int], columns: [Int]) -> Tensor {
    self[tape.indices(rows.map(Int32.init)), tape.indices(columns.map(Int32.init))]
  }
}
