import SkeinTestSupport
import Testing

@testable import SkeinFiles
@testable import SkeinRecord
@testable import SkeinRun

/// What the history computes, against slower and independent ways to the same numbers.
@Suite struct HistoryNumericsTests {
  @Test(arguments: [1, 2, 3, 7, 64], [1, 5, 31, 100])
  func codedWeightsAreNear(rows: Int, columns: Int) {
    for scale: Float in [1e-30, 0.05, 1, 1e30] {
      let weights = values(rows * columns, seed: UInt64(rows + columns), scale: scale)
      let coded = weights.withUnsafeBufferPointer {
        QuantizedMatrix($0, rows: rows, columns: columns)
      }
      #expect(coded.codes.allSatisfy { $0 < 63 } && coded.shape == [rows, columns])
      for (index, weight) in coded.weights.enumerated() {
        let row = weights[(index / columns * columns)..<((index / columns + 1) * columns)]
        let largest = row.map(abs).max() ?? 0
        // Half a step of largest / 31, and a rounding of Float.
        #expect(abs(weight - weights[index]) <= largest / 61.9, "\(rows)×\(columns) \(scale)")
      }
    }
  }

  @Test func rowsOfZerosAndOfTheSmallestNumbersAreCoded() {
    let weights: [Float] = [0, -0.0, 0, .leastNonzeroMagnitude, 0, -.leastNonzeroMagnitude]
    let coded = weights.withUnsafeBufferPointer { QuantizedMatrix($0, rows: 2, columns: 3) }
    #expect(coded.weights.allSatisfy { abs($0) <= .leastNonzeroMagnitude })
    let large = [Float.greatestFiniteMagnitude, -.greatestFiniteMagnitude]
    let extremes = large.withUnsafeBufferPointer { QuantizedMatrix($0, rows: 1, columns: 2) }
    #expect(extremes.codes == [62, 0])
  }

  @Test(arguments: [1, 2, 48, 1000, 12_345])
  func histogramsCountEveryValue(count: Int) {
    let values = SkeinTestSupport.values(count, seed: 9, scale: 3)
    let histogram = values.withUnsafeBufferPointer { Histogram($0) }
    #expect(histogram.counts.count == Histogram.bins)
    #expect(histogram.counts.reduce(0, +) == count)
    #expect(histogram.low == values.min() && histogram.high == values.max())
    let sum = values.reduce(0.0) { $0 + Double($1) }
    #expect(abs(histogram.sum - sum) <= 1e-9 * Double(count))
    // Cumulated counts against sorting; one value may lie within a rounding of a bin's edge.
    let sorted = values.sorted()
    let width = (Double(histogram.high) - Double(histogram.low)) / Double(Histogram.bins)
    var below = 0
    for (bin, number) in histogram.counts.enumerated().dropLast() where width > 0 {
      below += number
      let edge = Double(histogram.low) + Double(bin + 1) * width
      let expected = sorted.count { Double($0) < edge }
      #expect(abs(below - expected) <= 1, "bin \(bin)")
    }
  }

  @Test(
    arguments: [
      [], [5], [2, 2, 2], [0, -0.0], [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude],
      [.leastNonzeroMagnitude, 0],
    ] as [[Float]])
  func everyFiniteValueHasABin(values: [Float]) {
    let histogram = values.withUnsafeBufferPointer { Histogram($0) }
    #expect(histogram.counts.reduce(0, +) == values.count)
  }

  /// Against Jacobi's rotations of the covariance, in Double.
  @Test(arguments: [(50, 2), (40, 3), (200, 9), (30, 60), (7, 1), (3, 5)])
  func thePlaneIsThatOfTheLargestVariances(count: Int, dimensions: Int) {
    var points = values(count * dimensions, seed: UInt64(count), scale: 1)
    // Directions of different spread, and a mean that is not 0.
    for index in points.indices {
      points[index] = points[index] * Float(index % dimensions + 1) + 10
    }
    let plane = PrincipalPlane(points, count: count, dimensions: dimensions)
    let eigenvalues = covarianceEigenvalues(points, count: count, dimensions: dimensions)
    let total = eigenvalues.reduce(0, +)
    let expected = eigenvalues.prefix(2).reduce(0, +) / total
    #expect(abs(plane.explained - expected) < 1e-3, "\(plane.explained) \(expected)")
    for axis in 0..<min(2, dimensions) {
      let along = stride(from: axis, to: 2 * count, by: 2).map { Double(plane.coordinates[$0]) }
      let variance = along.reduce(0) { $0 + $1 * $1 }
      #expect(abs(variance - eigenvalues[axis]) < 1e-2 * eigenvalues[axis], "axis \(axis)")
      #expect(abs(along.reduce(0, +)) < 1e-3 * Double(count) * 10)
    }
    #expect(plane == PrincipalPlane(points, count: count, dimensions: dimensions))
  }

  @Test func pointsWithoutSpreadAreAPoint() {
    let same = PrincipalPlane([3, 4, 3, 4, 3, 4], count: 3, dimensions: 2)
    #expect(same.coordinates.allSatisfy { $0 == 0 } && same.explained == 1)
    let huge = PrincipalPlane([1e38, -1e38, 3e38, 1e38], count: 2, dimensions: 2)
    #expect(huge.coordinates.allSatisfy { $0.isFinite })
    #expect(PrincipalPlane([], count: 0, dimensions: 2).coordinates.isEmpty)
  }

  /// The eigenvalues of Σ (x − mean)(x − mean)ᵀ, largest first.
  private func covarianceEigenvalues(
    _ points: [Float], count: Int, dimensions: Int
  ) -> [Double] {
    let means = (0..<dimensions).map { column in
      (0..<count).reduce(0.0) { $0 + Double(points[$1 * dimensions + column]) } / Double(count)
    }
    var matrix = (0..<dimensions).map { i in
      (0..<dimensions).map { j in
        (0..<count).reduce(0.0) { sum, row in
          sum + (Double(points[row * dimensions + i]) - means[i])
            * (Double(points[row * dimensions + j]) - means[j])
        }
      }
    }
    for _ in 0..<60 {
      for p in 0..<dimensions {
        for q in (p + 1)..<max(dimensions, p + 1) where abs(matrix[p][q]) > 1e-12 {
          let theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          for k in 0..<dimensions {
            let (a, b) = (matrix[k][p], matrix[k][q])
            (matrix[k][p], matrix[k][q]) = (c * a - t * c * b, t * c * a + c * b)
          }
          for k in 0..<dimensions {
            let (a, b) = (matrix[p][k], matrix[q][k])
            (matrix[p][k], matrix[q][k]) = (c * a - t * c * b, t * c * a + c * b)
          }
        }
      }
    }
    return (0..<dimensions).map { matrix[$0][$0] }.sorted(by: >)
  }
}
