import CKernels
import SkeinTestSupport
import Testing

@testable import SkeinKernels

/// The loops over scores against the plainest ones, for every set of instructions that this
/// processor has: fewer rows than lanes, rows that fill no tile, classes in several blocks.
@Suite struct ClassLevelTests {
  /// Scores and labels; some rows negative, and some scores equal or no numbers if `isOdd`.
  private struct Case {
    let rows: Int
    let classes: Int
    let x: [Float]
    let labels: [Int32]

    init(_ rows: Int, _ classes: Int, isOdd: Bool) {
      let odd: [Float] = [.nan, .infinity, -0.0, 0, -200, -70, 3, 3]
      x = values(rows * classes, seed: 7).enumerated().map { place, value in
        // Every other row is negative throughout, so that its maximum is.
        isOdd && place % 3 == 0
          ? odd[place / 3 % odd.count] : value * 4.1 - Float(place / classes % 2 * 20)
      }
      labels = (0..<rows).map { Int32(($0 * 7 + rows) % classes) }
      (self.rows, self.classes) = (rows, classes)
    }
  }

  private static let rows = Array(0...9) + [15, 16, 17, 20, 31, 32, 33, 50, 150]
  private static let classes = [1, 2, 3, 4, 5, 7, 8, 10, 16, 17, 40, 127, 128, 129, 300]

  private func bits(_ x: [Float]) -> [UInt32] {
    x.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
  }

  /// Numerics.md's order, by loops over one number after the other.
  private func expected(
    _ item: Case, _ level: skein_kernels
  ) -> (softmax: [Float], losses: [Float]) {
    var (softmax, losses) = (item.x, [Float]())
    for row in 0..<item.rows {
      let places = (row * item.classes)..<((row + 1) * item.classes)
      var maximum = item.x[places.lowerBound]
      for place in places where item.x[place] > maximum { maximum = item.x[place] }
      for place in places {
        var shifted = item.x[place] - maximum
        level.exp(&shifted, &softmax[place], 1)
        if shifted < -64 { softmax[place] = 0 }
      }
      var sum = places.reduce(Float(0)) { $0 + softmax[$1] }
      for place in places { softmax[place] *= 1 / sum }
      var logarithm: Float = 0
      level.log(&sum, &logarithm, 1)
      losses.append(
        logarithm - (item.x[places.lowerBound + Int(item.labels[row])] - maximum))
    }
    return (softmax, losses)
  }

  @Test(arguments: rows, classes)
  func crossEntropy(rows: Int, classes: Int) {
    for isOdd in [false, true] {
      let item = Case(rows, classes, isOdd: isOdd)
      for level in LevelTests.levels {
        var softmax = [Float](repeating: 7, count: item.x.count + 20)
        var losses = [Float](repeating: 7, count: rows + 20)
        #expect(level.cross_entropy(item.x, item.labels, rows, classes, &softmax, &losses))
        let expected = expected(item, level)
        let name = String(cString: level.name)
        let behind = [Float](repeating: 7, count: 20)
        #expect(bits(softmax) == bits(expected.softmax + behind), "\(name)")
        #expect(bits(losses) == bits(expected.losses + behind), "\(name)")
      }
    }
  }

  /// With slopes of 1, as a step has them, and with any.
  @Test(arguments: rows, classes)
  func crossEntropyGradient(rows: Int, classes: Int) {
    let item = Case(rows, classes, isOdd: false)
    let before = values(item.x.count, seed: 8).map { $0 * 1.3 }
    let any = values(rows, seed: 9).map { $0 * 0.9 }
    let almostOnes = [Float](repeating: 1, count: max(rows - 1, 0)) + any.suffix(1)
    for slopes in [[Float](repeating: 1, count: rows), almostOnes, any] {
      for accumulates in [false, true] {
        var expected = before
        for row in 0..<rows {
          for place in (row * classes)..<((row + 1) * classes) {
            let term = item.x[place] * slopes[row]
            expected[place] = accumulates ? before[place] + term : term
          }
          expected[row * classes + Int(item.labels[row])] -= slopes[row]
        }
        for level in LevelTests.levels {
          var found = before
          #expect(
            level.cross_entropy_gradient(
              item.x, item.labels, slopes, rows, classes, &found, accumulates))
          #expect(bits(found) == bits(expected), "\(String(cString: level.name))")
        }
      }
    }
  }

  @Test(arguments: rows, classes)
  func matches(rows: Int, classes: Int) {
    for isOdd in [false, true] {
      let item = Case(rows, classes, isOdd: isOdd)
      let expected = (0..<rows).map { row -> Float in
        var best = 0
        for column in 0..<classes
        where item.x[row * classes + column] > item.x[row * classes + best] { best = column }
        return best == Int(item.labels[row]) ? 1 : 0
      }
      for level in LevelTests.levels {
        var found = [Float](repeating: -1, count: rows)
        #expect(level.matches(item.x, item.labels, rows, classes, &found))
        #expect(found == expected, "\(String(cString: level.name))")
      }
    }
  }

  /// A label that is no class is refused before anything is written, wherever it stands.
  @Test func labelsAreClasses() {
    let item = Case(19, 5, isOdd: false)
    for level in LevelTests.levels {
      for row in 0..<19 {
        for label: Int32 in [-1, 5, .max, .min] {
          var labels = item.labels
          labels[row] = label
          var (y, z) = (item.x, item.x)
          #expect(!level.cross_entropy(item.x, labels, 19, 5, &y, &z))
          #expect(!level.cross_entropy_gradient(item.x, labels, item.x, 19, 5, &y, false))
          #expect(!level.matches(item.x, labels, 19, 5, &z))
          #expect(y == item.x && z == item.x)
        }
      }
    }
  }
}
