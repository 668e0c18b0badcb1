import CKernels
import Testing

/// The updates of optimizers on every level, compared bit for bit with plain Swift, over rows and
/// columns of all small sizes and rectangles of larger matrices, whose other elements stay.
@Suite struct UpdateLevelTests {
  private func values(_ count: Int, seed: Int = 1) -> [Float] {
    (0..<count).map { Float(($0 * 37 + seed * 11) % 61) / 30 - 1 }
  }

  private func forEachPlace(
    rows: Int, columns: Int, stride: Int, _ body: (_ matrix: Int, _ packed: Int) -> Void
  ) {
    for row in 0..<rows {
      for column in 0..<columns { body(row * stride + column, row * columns + column) }
    }
  }

  @Test(arguments: [1, 2, 5], [1, 3, 7, 8, 9, 16, 17, 33])
  func nesterov(rows: Int, columns: Int) {
    let stride = columns + 4
    let (p, v) = (values(rows * stride), values(rows * stride, seed: 9))
    let g = values(rows * columns, seed: 8)
    let (rate, momentum, decay) = (Float(0.1), Float(0.9), Float(0.01))
    for level in LevelTests.levels {
      var (foundP, foundV, expectedP, expectedV) = (p, v, p, v)
      forEachPlace(rows: rows, columns: columns, stride: stride) { i, k in
        let slope = g[k] + decay * p[i]
        expectedV[i] = momentum * v[i] + slope
        expectedP[i] = p[i] - rate * (slope + momentum * expectedV[i])
      }
      #expect(
        level.sgd_nesterov(&foundP, &foundV, stride, g, rate, momentum, decay, rows, columns))
      #expect(foundP == expectedP && foundV == expectedV, "\(String(cString: level.name))")
    }
  }

  @Test(arguments: [1, 2, 5], [1, 3, 7, 8, 9, 16, 17, 33])
  func adam(rows: Int, columns: Int) {
    let stride = columns + 4
    let (p, m) = (values(rows * stride), values(rows * stride, seed: 9))
    let v = values(rows * stride, seed: 5).map(abs)
    let g = values(rows * columns, seed: 8)
    var a = skein_adam(
      mean_share: 0.1, square_rest: 0.99, square_share: 0.01, root_scale: 1.7, epsilon: 1e-8,
      rate: 0.02, decay: 0.01, shrink: 0.99)
    for level in LevelTests.levels {
      var (foundP, foundM, foundV) = (p, m, v)
      var (expectedP, expectedM, expectedV) = (p, m, v)
      forEachPlace(rows: rows, columns: columns, stride: stride) { i, k in
        let slope = g[k] + a.decay * p[i]
        expectedM[i] = m[i] + (slope - m[i]) * a.mean_share
        expectedV[i] = a.square_rest * v[i] + a.square_share * slope * slope
        let root = expectedV[i].squareRoot() * a.root_scale + a.epsilon
        expectedP[i] = p[i] * a.shrink - a.rate * (expectedM[i] / root)
      }
      let name = String(cString: level.name)
      #expect(level.adam(&foundP, &foundM, &foundV, stride, g, &a, rows, columns))
      #expect(foundP == expectedP && foundM == expectedM && foundV == expectedV, "\(name)")
      // A square that overflows makes the step 0: p alone would not tell.
      for bad in g.indices {
        for value in [Float.infinity, -.infinity, .nan, 1e25] {
          var poisoned = g
          poisoned[bad] = value
          var (p, m, v) = (p, m, v)
          #expect(
            !level.adam(&p, &m, &v, stride, poisoned, &a, rows, columns), "\(name) \(bad): \(value)"
          )
        }
      }
    }
  }

  @Test(arguments: [1, 2, 5], [1, 3, 7, 8, 9, 16, 17, 33])
  func average(rows: Int, columns: Int) {
    let stride = columns + 4
    let (mean, p) = (values(rows * stride), values(rows * stride, seed: 9))
    for level in LevelTests.levels {
      var (found, expected) = (mean, mean)
      forEachPlace(rows: rows, columns: columns, stride: stride) { i, _ in
        expected[i] = mean[i] + (p[i] - mean[i]) * 0.3
      }
      level.average(&found, p, stride, 0.3, rows, columns)
      #expect(found == expected, "\(String(cString: level.name))")
    }
  }

  @Test func sumsOfSquares() {
    for count in 0...100 {
      let x = values(count, seed: 3)
      var sums = [Double](repeating: 0, count: 16)
      for (index, value) in x.enumerated() { sums[index % 16] += Double(value) * Double(value) }
      for distance in [8, 4, 2, 1] {
        for lane in 0..<distance { sums[lane] += sums[lane + distance] }
      }
      for level in LevelTests.levels {
        #expect(level.sum_of_squares(x, count) == sums[0], "\(count)")
      }
    }
  }
}
