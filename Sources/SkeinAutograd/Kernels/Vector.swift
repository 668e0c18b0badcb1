/// Eight Floats that lie one after the other.
///
/// Loops whose index is computed (`row * columns + column`) do not vectorise by themselves, because
/// their arithmetic is checked; written with explicit vectors they do.
typealias Vector = SIMD8<Float>

extension UnsafePointer<Float> {
  /// Elements `index ..< index + 8`, at any alignment.
  @inline(__always)
  func vector(_ index: Int) -> Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }
}

extension UnsafeMutablePointer<Float> {
  /// Elements `index ..< index + 8`, at any alignment.
  @inline(__always)
  func vector(_ index: Int) -> Vector { UnsafePointer(self).vector(index) }

  @inline(__always)
  func store(_ vector: Vector, _ index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: vector, as: Vector.self)
  }
}

/// Loops over a row-major matrix, eight columns at a time.
enum MatrixLoops {
  /// Writes `row` into each of the `rows` rows of `matrix`.
  static func fill(
    _ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int, with row: UnsafePointer<Float>
  ) {
    let whole = columns & ~7
    var target = matrix
    for _ in 0..<rows {
      var column = 0
      while column < whole {
        target.store(row.vector(column), column)
        column += 8
      }
      while column < columns {
        target[column] = row[column]
        column += 1
      }
      target += columns
    }
  }

  /// Adds up each column: sum[c] = Σ over rows of matrix[r, c], from the first row to the last;
  /// added to what stands in `sum` where `accumulates`.
  static func sumRows(
    _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, into sum: UnsafeMutablePointer<Float>,
    accumulates: Bool
  ) {
    var column = 0
    while column + 8 <= columns {
      var total = accumulates ? sum.vector(column) : Vector.zero
      var source = matrix + column
      for _ in 0..<rows {
        total += source.vector(0)
        source += columns
      }
      sum.store(total, column)
      column += 8
    }
    while column < columns {
      var total = accumulates ? sum[column] : 0
      var source = matrix + column
      for _ in 0..<rows {
        total += source.pointee
        source += columns
      }
      sum[column] = total
      column += 1
    }
  }

  /// max(x, 0) for every element, in place; a NaN stays one.
  static func relu(_ x: UnsafeMutablePointer<Float>, count: Int) {
    var index = 0
    while index + 8 <= count {
      let value = x.vector(index)
      x.store(value.replacing(with: 0, where: value .< 0), index)
      index += 8
    }
    while index < count {
      if x[index] < 0 { x[index] = 0 }
      index += 1
    }
  }

  /// Zeroes each element of `gradient` whose `output` of a relu is not above 0, in place.
  static func maskByRelu(
    _ gradient: UnsafeMutablePointer<Float>, output: UnsafePointer<Float>, count: Int
  ) {
    var index = 0
    while index + 8 <= count {
      let kept = gradient.vector(index)
      gradient.store(kept.replacing(with: 0, where: .!(output.vector(index) .> 0)), index)
      index += 8
    }
    while index < count {
      if !(output[index] > 0) { gradient[index] = 0 }
      index += 1
    }
  }
}
