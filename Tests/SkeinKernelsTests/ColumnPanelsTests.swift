import CKernels
import Testing

@testable import SkeinKernels

/// Products of copies in panels have the bits of products of what was copied.
@Suite struct ColumnPanelsTests {
  /// One product: the columns of a from `column` on by those of b from `other` on, over `range`.
  private struct Case {
    let a: Int
    let b: Int
    let rows: Int
    let column: Int
    let m: Int
    let range: Range<Int>

    /// What is wrong with the product in `level`; nil where every bit is that of one chain over
    /// ascending rows.
    func difference(_ level: skein_kernels) -> String? {
      let (x, y) = (values(rows * a, 1), values(rows * b, 2))
      let (left, right) = (panels(x, a, level), panels(y, b, level))
      for other in Swift.stride(from: 0, to: b, by: level.panel_columns) {
        // One panel, then all from it on.
        for n in [min(level.panel_columns, b - other), b - other] {
          let found = found(level, left, right, other, n)
          for i in 0..<m {
            for j in 0..<n {
              var sum: Float = 0
              for l in range { sum.addProduct(x[l * a + column + i], y[l * b + other + j]) }
              guard found[i * n + j].bitPattern != sum.bitPattern else { continue }
              return "\(self): \(found[i * n + j]) for \(sum) at \(i), \(j) of \(n) from \(other)"
            }
          }
        }
      }
      return nil
    }

    private func found(
      _ level: skein_kernels, _ left: [Float], _ right: [Float], _ other: Int, _ n: Int
    ) -> [Float] {
      var c = [Float](repeating: .nan, count: m * n)
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          c.withUnsafeMutableBufferPointer { c in
            var product = skein_product(
              a: left.baseAddress!, a_row: rows, transposed_a: true, packed_a: true,
              a_column: column, a_columns: a, b: right.baseAddress! + other * rows, b_row: rows,
              transposed_b: false, packed_b: true, first_row: range.lowerBound, start: nil,
              start_row: 0, c: c.baseAddress!, c_row: n, m: m, n: n, k: range.count,
              rectifies: false)
            level.product(&product)
          }
        }
      }
      return c
    }

    /// The panels of `matrix`, copied three rows at a time; NaN where nothing is.
    private func panels(_ matrix: [Float], _ columns: Int, _ level: skein_kernels) -> [Float] {
      var panels = [Float](
        repeating: .nan, count: rows * Int(ColumnPanels.width(columns: Double(columns))))
      matrix.withUnsafeBufferPointer { matrix in
        for row in Swift.stride(from: 0, to: rows, by: 3) {
          level.pack(
            matrix.baseAddress! + row * columns, columns, row, min(3, rows - row), 0, columns, rows,
            nil, &panels)
        }
      }
      return panels
    }

    private func values(_ count: Int, _ seed: Int) -> [Float] {
      (0..<count).map { Float(($0 &* 7919 &+ seed &* 104_729) % 2003) / 1001 - 1 }
    }
  }

  /// Widths below, at and above a vector, a panel and two; rows that begin in the middle of one.
  @Test(arguments: LevelTests.names)
  func everyWidthHasTheBitsOfOneChain(name: String) {
    let level = LevelTests.level(name)
    for a in [1, 3, 15, 16, 47, 49, 70] {
      for b in [1, 17, 48, 63, 97] {
        for column in Set([0, 5, a - 1]) where column < a {
          for range in [0..<11, 4..<11, 2..<3, 5..<5] {
            let one = Case(a: a, b: b, rows: 11, column: column, m: a - column, range: range)
            if let difference = one.difference(level) { Issue.record("\(difference)"); return }
          }
        }
      }
    }
  }

  /// More rows of c than one pass takes, and more samples than one block of k.
  @Test(arguments: LevelTests.names)
  func largeProductsHaveTheBitsOfOneChain(name: String) {
    let level = LevelTests.level(name)
    for one in [
      Case(a: 192, b: 50, rows: 30, column: 64, m: 128, range: 1..<30),
      Case(a: 20, b: 49, rows: 1100, column: 3, m: 17, range: 20..<1090),
    ] {
      if let difference = one.difference(level) { Issue.record("\(difference)") }
    }
  }

  /// Not for the networks of which it was measured that they do not.
  @Test func theyPayForWideMatrices() {
    #expect(ColumnPanels.pay(m: 2048, n: 64) && ColumnPanels.pay(m: 64, n: 1024))
    #expect(!ColumnPanels.pay(m: 1023, n: 1023) && !ColumnPanels.pay(m: 2048, n: 63))
  }
}
