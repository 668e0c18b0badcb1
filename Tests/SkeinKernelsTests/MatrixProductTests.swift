import CKernels
import SkeinTestSupport
import Testing

@testable import SkeinKernels

/// The products of every level against three lines, bit for bit: see Numerics.md.
@Suite struct MatrixProductTests {
  /// One product: what stands in memory, and which of it is multiplied.
  struct Case: CustomStringConvertible {
    var m: Int
    var n: Int
    var k: Int
    var tA = false
    var tB = false
    /// How many elements further than without gaps the rows of a, of b and of c begin.
    var gapA = 0
    var gapB = 0
    var gapC = 0
    /// Whether b is read from panels.
    var packs = false
    /// 0; what stands in c; one row for all.
    var start = 0
    var rectifies = false

    var rowOfA: Int { (tA ? m : k) + gapA }
    var rowOfB: Int { (tB ? k : n) + gapB }
    var rowOfC: Int { n + gapC }
    var description: String {
      "\(m)×\(k)×\(n), \(tA) \(tB) \(packs), gaps \(gapA) \(gapB) \(gapC), start \(start) "
        + "\(rectifies)"
    }

    /// Numbers that round, and a few that do not.
    func values(_ count: Int, _ seed: Int) -> [Float] {
      (0..<count).map { Float(($0 * 37 + seed * 11 + m) % 61) * 0.733_1 / 30 - 0.7 }
    }
    var a: [Float] { values((tA ? k : m) * rowOfA, 1) }
    var b: [Float] { values((tB ? n : k) * rowOfB, 2) }
    var before: [Float] { values(m * rowOfC, 3) }
    var row: [Float] { values(n, 4) }

    /// One chain of fused multiply-adds over ascending k.
    var expected: [Float] {
      let (a, b, row) = (a, b, row)
      var c = before
      for i in 0..<m {
        for j in 0..<n {
          var sum = start == 0 ? 0 : start == 1 ? c[i * rowOfC + j] : row[j]
          for l in 0..<k {
            let x = tA ? a[l * rowOfA + i] : a[i * rowOfA + l]
            sum.addProduct(x, tB ? b[j * rowOfB + l] : b[l * rowOfB + j])
          }
          c[i * rowOfC + j] = rectifies && sum < 0 ? 0 : sum
        }
      }
      return c
    }

    func found(_ level: skein_kernels) -> [Float] {
      var c = before
      // Empty arrays have an address too: somewhere that is never read.
      let (a, row) = (a + [0], row + [0])
      let b = packs ? panels(level) : b + [0]
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          row.withUnsafeBufferPointer { row in
            c.withUnsafeMutableBufferPointer { c in
              let (target, row) = (c.baseAddress!, row.baseAddress!)
              var product = skein_product(
                a: a.baseAddress!, a_row: rowOfA, transposed_a: tA, packed_a: false, a_column: 0,
                a_columns: 0, b: b.baseAddress!, b_row: packs ? k : rowOfB, transposed_b: tB,
                packed_b: packs, first_row: 0,
                start: [nil, UnsafePointer(target), row][start],
                start_row: start == 1 ? rowOfC : 0, c: target, c_row: rowOfC, m: m, n: n, k: k,
                rectifies: rectifies)
              level.product(&product)
            }
          }
        }
      }
      return c
    }

    /// The panels that products with b read, packed rectangle by rectangle; NaN where nothing is.
    private func panels(_ level: skein_kernels) -> [Float] {
      let width = level.panel_columns
      func room(_ columns: Int, _ rows: Int) -> [Float] {
        [Float](repeating: .nan, count: (columns + width - 1) / width * width * rows + 1)
      }
      // The matrix is bᵀ in a forward pass, and b in a backward pass.
      let (rows, columns) = tB ? (n, k) : (k, n)
      var (forward, backward) = (room(rows, columns), room(columns, rows))
      b.withUnsafeBufferPointer { b in
        for row in Swift.stride(from: 0, to: rows, by: 64) {
          for column in Swift.stride(from: 0, to: columns, by: 96) {
            level.pack(
              b.baseAddress! + row * columns + column, columns, row, min(64, rows - row), column,
              min(96, columns - column), rows, &forward, &backward)
          }
        }
      }
      return tB ? forward : backward
    }

    /// What is wrong with `found`; nil where every bit is right, between the rows too.
    func difference(_ level: skein_kernels) -> String? {
      let (found, expected) = (found(level), expected)
      let wrong = found.indices.first { found[$0].bitPattern != expected[$0].bitPattern }
      return wrong.map { "\(self): \(found[$0]) for \(expected[$0]) at \($0)" }
    }
  }

  @Test(arguments: LevelTests.names)
  func everySmallSizeIsOneChain(name: String) {
    let level = LevelTests.level(name)
    var wrong: [String] = []
    for m in 1...9 {
      for n in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 47, 48, 49] {
        for k in 0...9 {
          for flags in [0, 1, 2, 3, 4, 6] {
            let gaps = flags < 4 ? (m + n + k) % 3 : 0
            let one = Case(
              m: m, n: n, k: k, tA: flags % 2 == 1, tB: flags / 2 % 2 == 1, gapA: gaps,
              gapB: 2 * gaps, gapC: gaps, packs: flags > 3, start: (m + k + flags) % 3,
              rectifies: (n + k) % 2 == 1)
            if let difference = one.difference(level) { wrong.append(difference) }
          }
        }
      }
    }
    #expect(wrong.prefix(5) == [])
  }

  /// Sizes of the shipped jobs and around the tiles (8 rows, 48 columns) and the blocks of k (256).
  @Test(arguments: LevelTests.names)
  func largerSizesAreOneChain(name: String) {
    let level = LevelTests.level(name)
    for (m, n, k) in [
      (32, 16, 784), (20, 5, 16), (17, 256, 100), (13, 33, 65), (1, 200, 300), (50, 1, 257),
      (49, 100, 31), (9, 97, 64), (4, 49, 255), (5, 47, 256), (6, 50, 513), (11, 9, 1025),
      (48, 10, 512), (64, 48, 40), (65, 50, 30), (130, 97, 20), (33, 96, 1030), (3, 49, 2050),
      (130, 97, 300), (65, 784, 40), (70, 96, 1030), (9, 800, 60),
    ] {
      for flags in 0..<8 {
        for gap in [0, 1100] where gap == 0 || flags < 4 {
          let one = Case(
            m: m, n: n, k: k, tA: flags % 2 == 1, tB: flags / 2 % 2 == 1, gapA: gap,
            gapB: flags < 2 ? gap : 0, packs: flags > 3, start: flags % 3,
            rectifies: flags == 2)
          let difference = one.difference(level)
          #expect(difference == nil)
        }
      }
    }
  }

  /// What the step calls gives these bits too, on the level in use.
  @Test func theStepsProductsAreOneChain() {
    for start in 0..<3 {
      let one = Case(m: 7, n: 21, k: 33, tB: true, start: start, rectifies: true)
      var c = one.before
      one.row.withUnsafeBufferPointer { row in
        MatrixProduct.compute(
          one.a, one.b, transposedB: true, into: &c,
          start: [.zero, .result, .row(row.baseAddress!)][start], m: 7, n: 21, k: 33,
          rectifies: true)
      }
      #expect(c == one.expected)
    }
  }

  /// The order of additions from outputs alone. Two terms of 2⁶⁰ and −2⁶⁰ swamp every 1 that is
  /// added before the later of them, and the start; what comes out is how many come behind it.
  @Test(arguments: LevelTests.names)
  func termsAreAddedInTheirOrder(name: String) {
    let level = LevelTests.level(name)
    for (k, pairs) in [
      (40, (0..<40).flatMap { i in (0..<40).map { (i, $0) } }),
      (600, [(0, 255), (255, 256), (256, 1), (300, 511), (512, 511), (599, 0), (7, 598)]),
    ] {
      for (i, j) in pairs where i != j {
        for tB in [false, true] {
          var a = [Float](repeating: 1, count: k)
          (a[i], a[j]) = (0x1p60, -0x1p60)
          let found = product(level, a, [Float](repeating: 1, count: 3 * k), tB, start: 1)
          #expect(
            found == [Float](repeating: Float(k - 1 - max(i, j)), count: 3), "\(i) \(j) \(tB)")
        }
      }
    }
  }

  /// (1 + 2⁻¹²)² − (1 + 2⁻¹¹) = 2⁻²⁴: nothing is rounded between the product and the sum.
  @Test(arguments: LevelTests.names)
  func multiplyAddsAreFused(name: String) {
    let x: Float = 1 + 0x1p-12
    let found = product(
      LevelTests.level(name), [x], [x, x, x], false, start: -(1 + 0x1p-11))
    #expect(found == [0x1p-24, 0x1p-24, 0x1p-24])
  }

  /// `start` + a[1, k] · b[k, 3].
  private func product(
    _ level: skein_kernels, _ a: [Float], _ b: [Float], _ tB: Bool, start: Float,
    rectifies: Bool = false
  ) -> [Float] {
    var c = [Float](repeating: start, count: 3)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          var product = skein_product(
            a: a.baseAddress!, a_row: a.count, transposed_a: false, packed_a: false, a_column: 0,
            a_columns: 0, b: b.baseAddress!, b_row: tB ? a.count : 3, transposed_b: tB,
            packed_b: false, first_row: 0, start: c.baseAddress!, start_row: 3,
            c: c.baseAddress!, c_row: 3, m: 1, n: 3, k: a.count, rectifies: rectifies)
          level.product(&product)
        }
      }
    }
    return c
  }

  /// Relu behind the last block of k: NaN stays, and what is below 0 before it does not count.
  @Test(arguments: LevelTests.names)
  func rectifyingKeepsNaN(name: String) {
    let level = LevelTests.level(name)
    for k in [3, 300] {
      for tB in [false, true] {
        func rectified(_ first: Float, start: Float) -> [Float] {
          let a = [first] + [Float](repeating: 0, count: k - 1)
          return product(
            level, a, [Float](repeating: 1, count: 3 * k), tB, start: start, rectifies: true)
        }
        let (nan, zero) = (rectified(.nan, start: 0), rectified(-0.0, start: -0.0))
        #expect(nan.allSatisfy { $0.isNaN } && zero.allSatisfy { $0 == 0 })
        #expect(rectified(-2, start: 1) == [0, 0, 0] && rectified(2, start: -1) == [1, 1, 1])
      }
    }
  }
}
