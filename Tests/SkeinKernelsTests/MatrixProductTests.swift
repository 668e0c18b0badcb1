import CKernels
import SkeinTestSupport
import Testing

@testable import SkeinKernels

/// Every program for matrix products against three loops.
@Suite struct MatrixProductTests {
  /// How a test computes a product.
  enum Program: Sendable {
    /// As training does.
    case rule
    /// As training does with products that are too large for our own loops.
    case beyondOwn
    case libraries
    case avx512
    case avx2

    var kernels: skein_kernels? {
      switch self {
      case .rule, .beyondOwn, .libraries: nil
      case .avx512: skein_kernels(0)?.pointee
      case .avx2: skein_kernels(1)?.pointee
      }
    }

    var isHere: Bool { kernels?.product != nil }
  }

  @Test(arguments: [Program.rule, .beyondOwn, .libraries])
  func everySizeAgreesWithThreeLoops(program: Program) {
    checkSmallSizes(program)
    checkLargerSizes(program)
  }

  @Test(.enabled(if: Program.avx512.isHere, "the processor has no AVX-512"))
  func everySizeAgreesOnAVX512() {
    checkSmallSizes(.avx512)
    checkLargerSizes(.avx512)
  }

  @Test(.enabled(if: Program.avx2.isHere, "the processor has no AVX2"))
  func everySizeAgreesOnAVX2() {
    checkSmallSizes(.avx2)
    checkLargerSizes(.avx2)
  }

  private func checkSmallSizes(_ program: Program) {
    var wrong: [String] = []
    for m in 1...17 {
      for n in 1...17 {
        for k in 0...17 { wrong += differences(program, m: m, n: n, k: k) }
      }
    }
    #expect(wrong == [])
  }

  /// Sizes around the tiles' (8 rows, 48 columns; 3 rows, 8 columns), and around the blocks of k.
  private func checkLargerSizes(_ program: Program) {
    for (m, n, k) in [
      (64, 10, 784), (100, 33, 65), (1, 200, 300), (129, 1, 257), (101, 100, 100), (96, 128, 90),
      (32, 256, 200), (7, 95, 63), (9, 97, 64), (4, 49, 255), (5, 47, 256), (6, 50, 513),
      (13, 23, 1023), (11, 9, 1025), (3, 7, 2049), (2, 8, 2048),
    ] {
      #expect(differences(program, m: m, n: n, k: k) == [], "\(m) \(n) \(k)")
    }
  }

  /// What differs over both transposes, all starts, with and without relu.
  private func differences(_ program: Program, m: Int, n: Int, k: Int) -> [String] {
    let a = (0..<(m * k)).map { Float(($0 * 37 + m) % 61) / 30 - 1 }
    let b = (0..<(k * n)).map { Float(($0 * 53 + n) % 67) / 33 - 1 }
    let before = (0..<(m * n)).map { Float($0 % 7) - 3 }
    let row = (0..<n).map { Float($0 % 5) - 2 }
    var wrong: [String] = []
    for (tA, tB) in [(false, false), (false, true), (true, false), (true, true)] {
      if program.kernels != nil && tA && tB { continue }
      for start in 0..<3 {
        for rectifies in [false, true] {
          var expected = start == 1 ? before : [Float](repeating: 0, count: m * n)
          if start == 2 { for i in 0..<(m * n) { expected[i] = row[i % n] } }
          MatrixProduct.naive(
            a, transposedA: tA, b, transposedB: tB, into: &expected, accumulates: true, m: m,
            n: n, k: k)
          if rectifies { expected = expected.map { max($0, 0) } }
          var found = before
          compute(program, a, tA, b, tB, &found, start, row, m, n, k, rectifies)
          if let first = Tolerance.differences(found, expected, terms: k).first {
            wrong.append("\(m)×\(k)×\(n), \(tA) \(tB) start \(start) \(rectifies): \(first)")
          }
        }
      }
    }
    return wrong
  }

  private func compute(
    _ program: Program, _ a: [Float], _ tA: Bool, _ b: [Float], _ tB: Bool, _ c: inout [Float],
    _ start: Int, _ row: [Float], _ m: Int, _ n: Int, _ k: Int, _ rectifies: Bool
  ) {
    let (rowOfA, rowOfB) = (tA ? m : k, tB ? k : n)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        row.withUnsafeBufferPointer { row in
          c.withUnsafeMutableBufferPointer { c in
            // Empty arrays have an address too: somewhere that is never read.
            let (a, b) = (a.baseAddress ?? row.baseAddress!, b.baseAddress ?? row.baseAddress!)
            let (c, row) = (c.baseAddress!, row.baseAddress!)
            switch program {
            case .rule:
              MatrixProduct.compute(
                a, transposedA: tA, b, transposedB: tB, into: c,
                start: [.zero, .result, .row(row)][start], m: m, n: n, k: k, rectifies: rectifies)
            case .beyondOwn:
              MatrixProduct.compute(
                a, transposedA: tA, b, transposedB: tB, into: c,
                start: [.zero, .result, .row(row)][start], m: m, n: n, k: k, rectifies: rectifies,
                largestOwn: m * n * k - 1)
            case .libraries:
              if start == 0 { c.update(repeating: .nan, count: m * n) }
              if start == 2 { for i in 0..<m { (c + i * n).update(from: row, count: n) } }
              MatrixProduct.library(
                a, tA, rowOfA, b, tB, rowOfB, into: c, accumulates: start > 0, m: m, n: n, k: k)
              if rectifies { Kernels.current.pointee.rectify(c, m * n) }
            case .avx512, .avx2:
              guard let product = program.kernels?.product else {
                Issue.record("\(program) is not here")
                return
              }
              var arguments = skein_product(
                a: a, a_row: rowOfA, transposed_a: tA, b: b, b_row: rowOfB, transposed_b: tB,
                start: [nil, UnsafePointer(c), row][start], start_row: start == 1 ? n : 0, c: c,
                c_row: n, m: m, n: n, k: k, rectifies: rectifies)
              product(&arguments)
            }
          }
        }
      }
    }
  }

  /// Operands whose rows stand further apart than they are long, as blocks of matrices do.
  @Test(arguments: [false, true])
  func rowsMayStandApart(usesLibraries: Bool) {
    for (m, n, k) in [(5, 7, 9), (33, 50, 70), (64, 200, 100)] {
      for (tA, tB) in [(false, false), (false, true), (true, false)] {
        let (rowOfA, rowOfB) = ((tA ? m : k) + 3, (tB ? k : n) + 5)
        let a = (0..<((tA ? k : m) * rowOfA)).map { Float(($0 * 37 + m) % 61) / 30 - 1 }
        let b = (0..<((tB ? n : k) * rowOfB)).map { Float(($0 * 53 + n) % 67) / 33 - 1 }
        func packed(_ x: [Float], _ rows: Int, _ row: Int, _ count: Int) -> [Float] {
          (0..<rows).flatMap { x[($0 * row)..<($0 * row + count)] }
        }
        var expected = [Float](repeating: 0, count: m * n)
        MatrixProduct.naive(
          packed(a, tA ? k : m, rowOfA, tA ? m : k), transposedA: tA,
          packed(b, tB ? n : k, rowOfB, tB ? k : n), transposedB: tB, into: &expected,
          accumulates: false, m: m, n: n, k: k)
        var found = [Float](repeating: .nan, count: m * n)
        if usesLibraries {
          MatrixProduct.library(
            a, tA, rowOfA, b, tB, rowOfB, into: &found, accumulates: false, m: m, n: n, k: k)
        } else {
          MatrixProduct.compute(
            a, transposedA: tA, rowOfA: rowOfA, b, transposedB: tB, rowOfB: rowOfB, into: &found,
            start: .zero, m: m, n: n, k: k)
        }
        #expect(
          Tolerance.differences(found, expected, terms: k).isEmpty, "\(m) \(n) \(k) \(tA) \(tB)")
      }
    }
  }

  /// A block of a product has the bits that the whole product has there, and touches nothing else.
  @Test(arguments: [(17, 60, 40), (9, 130, 70), (12, 49, 300), (5, 20, 1100)])
  func partsHaveTheBitsOfTheWhole(m: Int, n: Int, k: Int) {
    let a = (0..<(m * k)).map { Float(($0 * 37 + m) % 61) / 30 - 1 }
    let b = (0..<(k * n)).map { Float(($0 * 53 + n) % 67) / 33 - 1 }
    for level in LevelTests.levels {
      guard let product = level.product else { continue }
      for (tA, tB) in [(false, false), (false, true), (true, false)] {
        let (rowOfA, rowOfB) = (tA ? m : k, tB ? k : n)
        func compute(_ rows: Range<Int>, _ columns: Range<Int>, into c: inout [Float]) {
          a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
              c.withUnsafeMutableBufferPointer { c in
                var arguments = skein_product(
                  a: a.baseAddress! + rows.lowerBound * (tA ? 1 : k), a_row: rowOfA,
                  transposed_a: tA, b: b.baseAddress! + columns.lowerBound * (tB ? k : 1),
                  b_row: rowOfB, transposed_b: tB, start: nil, start_row: 0,
                  c: c.baseAddress! + rows.lowerBound * n + columns.lowerBound, c_row: n,
                  m: rows.count, n: columns.count, k: k, rectifies: false)
                product(&arguments)
              }
            }
          }
        }
        var whole = [Float](repeating: .nan, count: m * n)
        compute(0..<m, 0..<n, into: &whole)
        for (rows, columns) in [(0..<1, 0..<n), (1..<m, 3..<n), (2..<5, 0..<7), (m - 1..<m, 5..<6)]
        {
          var part = [Float](repeating: 7, count: m * n)
          compute(rows, columns, into: &part)
          for i in 0..<m {
            for j in 0..<n {
              let inside = rows.contains(i) && columns.contains(j)
              #expect(part[i * n + j] == (inside ? whole[i * n + j] : 7), "\(i), \(j) \(tA) \(tB)")
            }
          }
        }
      }
    }
  }
}
