import Testing

@testable import SkeinAutograd

/// The library's matrix products against three loops.
@Suite struct MatrixProductTests {
  @Test func everySmallSizeAgreesWithThreeLoops() {
    var wrong: [String] = []
    for m in 1...17 {
      for n in 1...17 {
        for k in 0...17 { wrong += differences(m: m, n: n, k: k) }
      }
    }
    #expect(wrong == [])
  }

  @Test func someLargerSizesAgree() {
    for (m, n, k) in [
      (64, 10, 784), (100, 33, 65), (1, 200, 300), (129, 1, 257), (101, 100, 100), (96, 128, 90),
      (32, 256, 200),
    ] {
      #expect(differences(m: m, n: n, k: k) == [])
    }
  }

  /// What differs over both transposes and both ways to store, with the sizes.
  private func differences(m: Int, n: Int, k: Int) -> [String] {
    let a = (0..<(m * k)).map { Float(($0 * 37 + m) % 61) / 30 - 1 }
    let b = (0..<(k * n)).map { Float(($0 * 53 + n) % 67) / 33 - 1 }
    let start = (0..<(m * n)).map { Float($0 % 7) - 3 }
    var wrong: [String] = []
    for flags in 0..<8 {
      let (tA, tB, accumulates) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0)
      var (found, expected) = (start, start)
      MatrixProduct.compute(
        a, transposedA: tA, b, transposedB: tB, into: &found, accumulates: accumulates, m: m, n: n,
        k: k)
      MatrixProduct.naive(
        a, transposedA: tA, b, transposedB: tB, into: &expected, accumulates: accumulates, m: m,
        n: n, k: k)
      let differing = Tolerance.differences(found, expected, terms: k)
      if let first = differing.first {
        wrong.append("\(m)×\(k)×\(n), \(tA) \(tB) \(accumulates): \(first)")
      }
    }
    return wrong
  }
}
