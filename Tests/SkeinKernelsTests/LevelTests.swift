import CKernels
import SkeinTestSupport
import Testing

@testable import SkeinKernels

/// The loops in C against the plainest ones, for every set of instructions that this processor has,
/// over sizes around the vectors' widths.
@Suite struct LevelTests {
  /// The kernels of each level.
  nonisolated(unsafe) static let levels = (0..<Int32(skein_kernel_levels)).compactMap {
    skein_kernels($0)?.pointee
  }

  static let names = levels.map { String(cString: $0.name) }

  /// The kernels of the level `name`, which is here.
  static func level(_ name: String) -> skein_kernels { levels[names.firstIndex(of: name)!] }

  /// Numbers whose sums round: what is drawn are multiples of 2⁻²², which add up exactly in any
  /// order.
  private func values(_ count: Int, seed: UInt64 = 7) -> [Float] {
    SkeinTestSupport.values(count, seed: seed).map { $0 * 0.733_1 }
  }

  @Test func theBaselineIsAlwaysThereAndTheBestComesFirst() {
    let names = Self.levels.map { String(cString: $0.name) }
    #expect(names.last == "baseline" && Set(names).count == names.count)
    #expect(skein_kernels(-1) == nil && skein_kernels(Int32(skein_kernel_levels)) == nil)
    #expect(names == Kernels.levels && Kernels.level == names[0])
    #expect(names == InstructionSet.present.map(\.name))
    #expect(InstructionSet.allCases.count == Int(skein_kernel_levels))
  }

  /// The tests below go through the levels that are here: what is missing shows as skipped.
  @Test(.enabled(if: Kernels.levels.contains("AVX-512"), "no AVX-512: its loops go untested"))
  func loopsForAVX512AreTested() {
    #expect(Self.levels.contains { String(cString: $0.name) == "AVX-512" })
  }

  @Test(.enabled(if: Kernels.levels.contains("AVX2"), "no AVX2: its loops go untested"))
  func loopsForAVX2AreTested() {
    #expect(Self.levels.contains { String(cString: $0.name) == "AVX2" })
  }

  @Test(.enabled(if: Kernels.levels.contains("NEON"), "no NEON: `make neon` emulates it"))
  func loopsForNEONAreTested() {
    #expect(Self.levels.contains { String(cString: $0.name) == "NEON" })
  }

  @Test(arguments: 0...9, [0, 1, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33])
  func matrixLoops(rows: Int, columns: Int) {
    let stride = columns + 3
    let matrix = values(rows * stride)
    let row = values(columns, seed: 8)
    let gradient = values(matrix.count, seed: 9)
    for level in Self.levels {
      for accumulates in [false, true] {
        var sums = row
        level.sum_rows(matrix, stride, rows, columns, &sums, accumulates)
        let expected = (0..<columns).map { column in
          (0..<rows).reduce(accumulates ? row[column] : 0) { $0 + matrix[$1 * stride + column] }
        }
        #expect(sums == expected)
      }
      let rectified = matrix.map { max($0, 0) }
      var masked = gradient
      level.mask(&masked, rectified, masked.count)
      #expect(masked == zip(gradient, rectified).map { $1 > 0 ? $0 : 0 })
    }
  }

  @Test(arguments: 1...18, [0, 1, 7, 16, 33, 100])
  func reductionsAddNeighboursFirst(sumCount: Int, count: Int) {
    let stride = count + 5
    let sums = values(sumCount * stride)
    var expected: [Float] = []
    for i in 0..<count {
      var terms = (0..<sumCount).map { sums[$0 * stride + i] }
      while terms.count > 1 {
        terms = Swift.stride(from: 0, to: terms.count, by: 2).map {
          $0 + 1 < terms.count ? terms[$0] + terms[$0 + 1] : terms[$0]
        }
      }
      expected.append(terms[0] * 0.3)
    }
    for level in Self.levels {
      var found = sums
      level.reduce(&found, stride, sumCount, 0.3, count)
      #expect(Array(found[..<count]) == expected, "\(String(cString: level.name))")
    }
  }

  /// A rectangle of a larger matrix, whose other elements stay.
  @Test(arguments: [1, 2, 5], [1, 7, 8, 9, 16, 17, 33])
  func stochasticGradientDescent(rows: Int, columns: Int) {
    let stride = columns + 4
    let (p, v) = (values(rows * stride), values(rows * stride, seed: 9))
    let g = values(rows * columns, seed: 8)
    let (rate, momentum, decay) = (Float(0.1), Float(0.9), Float(0.01))
    for level in Self.levels {
      for hasMomentum in [false, true] {
        func sgd(_ p: inout [Float], _ v: inout [Float], _ g: [Float]) -> Bool {
          hasMomentum
            ? level.sgd_momentum(
              &p, &v, stride, g, rate, momentum, decay, rows, columns)
            : level.sgd(&p, stride, g, rate, decay, rows, columns)
        }
        var (foundP, foundV) = (p, v)
        var (expectedP, expectedV) = (p, v)
        for row in 0..<rows {
          for column in 0..<columns {
            let (i, k) = (row * stride + column, row * columns + column)
            let direction = g[k] + decay * p[i]
            let step = hasMomentum ? momentum * v[i] + direction : direction
            expectedP[i] = p[i] - rate * step
            if hasMomentum { expectedV[i] = step }
          }
        }
        #expect(sgd(&foundP, &foundV, g))
        #expect(foundP == expectedP && foundV == expectedV)
        for bad in g.indices {
          for value in [Float.infinity, -.infinity, .nan] {
            var poisoned = g
            poisoned[bad] = value
            var (p, v) = (p, v)
            #expect(!sgd(&p, &v, poisoned), "\(bad): \(value)")
          }
        }
      }
    }
  }

  /// Rows in any order, the source's last one among them. Nothing is written behind the target.
  @Test(arguments: [0, 1, 2, 3, 7, 20], [1, 2, 5, 10, 15, 16, 17, 31, 33, 100])
  func bytesBecomeTheSameFloatsOnEveryLevel(count: Int, width: Int) {
    let all = 9
    let bytes = (0..<(all * width)).map { UInt8(($0 * 37) % 256) }
    let rows = (0..<count).map { Int32(($0 * 4 + 8) % all) }
    let next = [-1, 9, .max, .min, 0] + rows
    let expected = rows.flatMap { row in
      (0..<width).map { column -> Float in
        let x = Float(bytes[Int(row) * width + column])
        return x * 0.003_906_25 + x * 0.000_015
      }
    }
    for level in Self.levels {
      var found = [Float](repeating: -1, count: count * width + 40)
      level.convert_rows(
        bytes, all, width, rows, count, next, next.count, &found, 0.003_906_25, 0.000_015)
      #expect(found == expected + [Float](repeating: -1, count: 40))
    }
  }
}
