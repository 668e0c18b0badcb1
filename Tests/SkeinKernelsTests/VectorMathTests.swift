import Foundation
import SkeinTestSupport
import Testing

@testable import SkeinKernels

/// The vectorised exp and log against those in Double.
@Suite struct VectorMathTests {
  /// The distance in units in the last place.
  private func ulps(_ a: Float, _ b: Double) -> Double {
    let expected = Float(b)
    if expected.isInfinite || a.isInfinite || b == 0 { return a == expected ? 0 : .infinity }
    return abs(Double(a) - b) / Double(expected.ulp)
  }

  @Test func exponentialsOfAllNormalResults() {
    var x: [Float] = []
    var value: Float = -87.33
    while value < 88.72 {
      x.append(value)
      value += 0.000_97
    }
    x += [0, -0.0, 1e-30, -1e-30, 1, -1, 88.722, -87.336]
    var y = x
    VectorMath.exp(&y, count: y.count)
    let worst = zip(x, y).map { ulps($1, Foundation.exp(Double($0))) }.max() ?? 0
    #expect(worst <= 2, "\(worst) units")
    // 2^n in one factor loses what 2^n in two does not only below the normal numbers.
    let (negative, all) = (x.filter { $0 <= 0 && $0 > -86.6 }, x.filter { $0 <= 0 })
    var (a, b, c) = (negative, negative, all)
    VectorMath.exp(&a, count: a.count)
    VectorMath.expOfNonPositive(&b, count: b.count)
    VectorMath.expOfNonPositive(&c, count: c.count)
    #expect(a == b)
    let worstTiny = zip(all, c).map { abs(Double($1) - Foundation.exp(Double($0))) }.max() ?? 0
    #expect(worstTiny <= 0x1p-23)
    var edges: [Float] = [-.infinity, .nan, -200, 0]
    VectorMath.expOfNonPositive(&edges, count: 4)
    #expect(edges[0] == 0 && edges[1].isNaN && edges[2] == 0 && edges[3] == 1)
    var special: [Float] = [.infinity, -.infinity, .nan, 89, -88, -200]
    VectorMath.exp(&special, count: special.count)
    #expect(special[0] == .infinity && special[1] == 0 && special[2].isNaN)
    #expect(special[3] == .infinity && special[4] == 0 && special[5] == 0)
  }

  @Test func logarithmsOfAllBinades() {
    var x: [Float] = []
    for exponent in -126...127 {
      for step in 0..<64 {
        x.append(Float(sign: .plus, exponent: exponent, significand: 1 + Float(step) / 64))
      }
    }
    x += (1...2000).map { 1 + Float($0) / 4e5 } + [.leastNormalMagnitude, .greatestFiniteMagnitude]
    var y = x
    VectorMath.log(&y, count: y.count)
    for (x, y) in zip(x, y) {
      let exact = Foundation.log(Double(x))
      // Near 1 the result is small, and its error is that of x's own last place.
      #expect(ulps(y, exact) <= 2 || abs(Double(y) - exact) <= 0x1p-25, "ln \(x) = \(y)")
    }
    var special: [Float] = [.infinity, .nan, 1]
    VectorMath.log(&special, count: 3)
    #expect(special[0] == .infinity && special[1].isNaN && special[2] == 0)
  }

  /// An element's result does not depend on how many stand beside it.
  @Test func placeDoesNotMatter() {
    let x = values(40)
    for count in 0...40 {
      var y = Array(x[..<count])
      VectorMath.exp(&y, count: count)
      for (index, value) in y.enumerated() {
        var alone = [x[index]]
        VectorMath.exp(&alone, count: 1)
        #expect(value == alone[0])
      }
    }
  }
}
