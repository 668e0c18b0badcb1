/// Mean and deviation of each output over rows of values, gathered row by row.
///
/// In Double and in one pass, so that no row is kept: with each value x the mean grows by
/// (x − mean) / n, and the sum of squares by (x − old mean) · (x − new mean).
///
/// Source: B. P. Welford, "Note on a method for calculating corrected sums of squares and
/// products", Technometrics 4(3), 1962.
struct ValueMoments {
  private let names: [String]
  private var rows = 0
  private var means: [Double]
  /// Σ (x − mean)² of each output.
  private var squares: [Double]
  private var first: [Float]
  private var varies: [Bool]

  init(names: [String]) {
    self.names = names
    means = [Double](repeating: 0, count: names.count)
    squares = means
    first = [Float](repeating: 0, count: names.count)
    varies = [Bool](repeating: false, count: names.count)
  }

  /// Takes in whole rows. O(values).
  mutating func add(_ values: UnsafeBufferPointer<Float>) {
    let width = names.count
    for row in 0..<(values.count / max(width, 1)) {
      rows += 1
      for column in 0..<width {
        let value = values[row * width + column]
        if rows == 1 {
          first[column] = value
        } else if value != first[column] {
          varies[column] = true
        }
        let difference = Double(value) - means[column]
        means[column] += difference / Double(rows)
        squares[column] += difference * (Double(value) - means[column])
      }
    }
  }

  /// How targets are standardised over the rows: (t − mean) / √(Σ (x − mean)² / n).
  ///
  /// - Parameter file: what to blame: the file of the values.
  /// - Throws: `DataError` that names each output that is constant: its deviation is 0, and nothing
  ///   can be learnt of it.
  func standardising(_ file: String) throws -> ValueTargets {
    let deviations = squares.map { ($0 / Double(max(rows, 1))).squareRoot() }
    let faults = names.indices.filter { !varies[$0] || !(deviations[$0] > 0) }.map { column in
      DataFault(
        file, at: "target \"\(names[column])\"",
        expected: "values that differ in the training split",
        found: "\(first[column]) in all samples, which has no deviation to be divided by",
        advice: "leave that column out: nothing can be learnt of it; or keep targets as they are "
          + "with --raw-targets")
    }
    guard faults.isEmpty else { throw DataError(faults) }
    return ValueTargets(names: names, mean: means, deviation: deviations)
  }
}
