import SkeinAutograd

/// The first two principal components of points (principal component analysis, PCA): the plane in
/// which the points spread most.
///
/// Its directions are the eigenvectors of the points' covariance with the two largest eigenvalues.
/// Orthogonal iteration finds them: V ← orthonormal(Xᵀ(X·V)), where X holds the centred points. It
/// never forms the covariance. It starts from fixed numbers, so equal points give an equal plane.
///
/// Source: Golub, Van Loan, "Matrix Computations", 4th edition, 8.2.4.
public struct PrincipalPlane: Sendable, Equatable {
  /// Two coordinates per point, point after point. The second one is 0 where the points have one
  /// dimension.
  public let coordinates: [Float]
  /// The share of the points' variance that lies in the plane, 0…1.
  public let explained: Double

  /// How many directions are iterated: the two of the plane. More would not make these converge
  /// sooner, because the Gram–Schmidt process never mixes later columns into earlier ones.
  private static let directions = 2
  /// Columns of the table of numbers that the iteration starts from; it takes the first ones. Other
  /// numbers would give every recorded plane other last bits.
  private static let startColumns = 4
  /// The most iterations.
  private static let iterations = 60

  /// Projects `points` [count, dimensions], row by row, onto their plane.
  ///
  /// O(`count` · `dimensions`) per iteration, of which there are at most 60.
  ///
  /// - Precondition: there are `count` · `dimensions` values, all finite.
  public init(_ points: [Float], count: Int, dimensions: Int) {
    precondition(points.count == count * dimensions, "\(points.count) values")
    guard count > 0, dimensions > 0 else {
      coordinates = []
      explained = 1
      return
    }
    let (centred, extent) = Self.centred(points, count: count, dimensions: dimensions)
    // Xᵀ is a matrix of its own, so that no product has to transpose X.
    var transposed = centred
    for row in 0..<count {
      for column in 0..<dimensions {
        transposed[column * count + row] = centred[row * dimensions + column]
      }
    }
    let wanted = min(Self.directions, dimensions)
    let tape = Tape()
    let x = tape.constant(centred, shape: [count, dimensions])
    let xt = tape.constant(transposed, shape: [dimensions, count])
    let v = tape.constant(Self.start(dimensions, columns: wanted), shape: [dimensions, wanted])
    let y = x.matmul(v)
    let next = xt.matmul(y)
    var basis = v.values
    for _ in 0..<Self.iterations {
      let last = basis
      basis = Self.orthonormal(next.values, rows: dimensions, columns: wanted)
      v.withMutableValues { _ = $0.update(fromContentsOf: basis) }
      tape.replay()
      // Close enough: a picture is a few hundred pixels wide.
      if Self.change(last, basis) < 1e-4 { break }
    }
    let projected = y.values
    var flat = [Float](repeating: 0, count: 2 * count)
    var kept = 0.0
    for row in 0..<count {
      for axis in 0..<wanted {
        let value = projected[row * wanted + axis]
        let coordinate = value * extent
        flat[2 * row + axis] = coordinate.isFinite ? coordinate : 0
        kept += Double(value) * Double(value)
      }
    }
    let total = centred.reduce(0.0) { $0 + Double($1) * Double($1) }
    coordinates = flat
    explained = total > 0 ? min(1, kept / total) : 1
  }

  /// The points with mean 0, divided by `extent`, their largest coordinate. Without the division,
  /// squares of the largest Floats would overflow.
  private static func centred(
    _ points: [Float], count: Int, dimensions: Int
  ) -> (points: [Float], extent: Float) {
    var centred = points
    for column in 0..<dimensions {
      var sum = 0.0
      for row in 0..<count { sum += Double(points[row * dimensions + column]) }
      let mean = Float(sum / Double(count))
      for row in 0..<count { centred[row * dimensions + column] -= mean }
    }
    let extent = centred.reduce(0) { max($0, abs($1)) }
    guard extent > 0 else { return (centred, 1) }
    for index in centred.indices { centred[index] /= extent }
    return (centred, extent)
  }

  /// Fixed numbers from −0.5 to 0.5 without a pattern, row by row: the fractions of multiples of
  /// the golden ratio.
  private static func start(_ rows: Int, columns: Int) -> [Float] {
    let stride = min(startColumns, rows)
    return (0..<rows * columns).map { index in
      let place = index / columns * stride + index % columns
      let turn = Double(place + 1) * 0.618_033_988_749_895
      return Float(turn - turn.rounded(.down) - 0.5)
    }
  }

  /// Makes the columns of `matrix` orthonormal by the Gram–Schmidt process, in Double.
  ///
  /// Each column is made orthogonal twice, because one pass loses digits where columns are nearly
  /// parallel. A column of length 0 becomes zero.
  private static func orthonormal(_ matrix: [Float], rows: Int, columns: Int) -> [Float] {
    var result = matrix.map(Double.init)
    for column in 0..<columns {
      for _ in 0..<2 {
        for earlier in 0..<column {
          var dot = 0.0
          for row in 0..<rows {
            dot += result[row * columns + earlier] * result[row * columns + column]
          }
          for row in 0..<rows {
            result[row * columns + column] -= dot * result[row * columns + earlier]
          }
        }
        var square = 0.0
        for row in 0..<rows {
          square += result[row * columns + column] * result[row * columns + column]
        }
        let factor = square > 0 ? 1 / square.squareRoot() : 0
        for row in 0..<rows { result[row * columns + column] *= factor }
      }
    }
    return result.map { Float($0) }
  }

  /// The largest change of an element.
  private static func change(_ old: [Float], _ new: [Float]) -> Float {
    zip(old, new).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
