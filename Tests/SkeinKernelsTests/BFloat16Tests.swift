import CKernels
import SkeinTestSupport
import Testing

@testable import SkeinKernels

/// Products of bfloat16 of every level against three lines, bit for bit: see Numerics.md.
@Suite struct BFloat16Tests {
  nonisolated(unsafe) static let levels = (0..<Int32(skein_bfloat16_levels)).compactMap {
    skein_bfloat16($0)?.pointee
  }
  static let names = levels.map { String(cString: $0.name) }

  /// x rounded to bfloat16.
  static func rounded(_ x: Float) -> Float {
    if x.magnitude < .leastNormalMagnitude { return Float(signOf: x, magnitudeOf: 0) }
    if x.isNaN { return x }
    let bits = x.bitPattern
    return Float(bitPattern: (bits + 0x7FFF + bits >> 16 & 1) & 0xFFFF_0000)
  }

  /// One link of a chain. Whether it is tiny is told from the sum in Double, 2²⁴ times as large.
  static func link(_ x: Float, _ y: Float, _ c: Float) -> Float {
    let (sum, exact) = (c.addingProduct(x, y), Double(x) * Double(y) + Double(c))
    return Float(exact * 0x1p24).magnitude < 0x1p-102 ? Float(signOf: sum, magnitudeOf: 0) : sum
  }

  /// The chain over a[k] and b[k].
  static func chain(_ a: [Float], _ b: [Float], start: Float = 0) -> Float {
    let start =
      start.magnitude < .leastNormalMagnitude ? Float(signOf: start, magnitudeOf: 0) : start
    return zip(a, b).reduce(start) { link(rounded($1.0), rounded($1.1), $0) }
  }

  /// What numbers a test multiplies.
  enum Kind: CaseIterable {
    /// Those of a training.
    case usual
    /// Products and sums around the least normal number.
    case tiny
    /// Any bits: denormals, infinities and NaN among them, and what rounds to infinity.
    case any

    func numbers(_ count: Int, _ seed: Int) -> [Float] {
      (0..<count).map { i in
        var bits = UInt32(truncatingIfNeeded: i &* 2_654_435_761 &+ seed &* 40_503)
        bits = (bits ^ bits >> 16) &* 0x85eb_ca6b
        bits = (bits ^ bits >> 13) &* 0xc2b2_ae35
        bits ^= bits >> 16
        switch self {
        case .usual: return Float(Int32(bitPattern: bits) >> 8) * 0x1p-22
        case .tiny:
          return Float(bitPattern: bits & 0x807F_FFFF | (40 + bits >> 8 % 40) << 23)
        case .any:
          let all: [UInt32] = [0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 1, 0x807F_FFFF, 0x7F7F_FFFF]
          return Float(bitPattern: bits % 97 < 6 ? all[Int(bits % 97)] : bits)
        }
      }
    }
  }

  private static func isSame(_ x: Float, _ y: Float) -> Bool {
    x.bitPattern == y.bitPattern || x.isNaN && y.isNaN
  }

  /// A matrix of weights in panels, packed rectangle by rectangle, times rows of Floats: x · Wᵀ,
  /// and z · W. Returns the first result that is wrong.
  private func differenceOfLayer(
    _ level: skein_bfloat16, _ kind: Kind, _ m: Int, _ outputs: Int, _ inputs: Int, start: Int
  ) -> String? {
    let w = kind.numbers(outputs * inputs, 1)
    let width = level.panel_columns
    func room(_ columns: Int, _ rows: Int) -> [UInt32] {
      [UInt32](
        repeating: 0x7FC0_7FC0, count: (columns + width - 1) / width * width * (rows + 1) / 2)
    }
    var (forward, backward) = (room(outputs, inputs + 1), room(inputs, outputs + 1))
    for row in stride(from: 0, to: outputs, by: 34) {
      for column in stride(from: 0, to: inputs, by: 52) {
        w.withUnsafeBufferPointer {
          level.pack(
            $0.baseAddress! + row * inputs + column, inputs, row, min(34, outputs - row), column,
            min(52, inputs - column), outputs, &forward, &backward)
        }
      }
    }
    for isForward in [true, false] {
      let (panels, n, k) =
        isForward ? (forward, outputs, inputs) : (backward, inputs, outputs)
      let (a, row) = (kind.numbers(m * k, 2), kind.numbers(n, 3))
      var c = kind.numbers(m * n, 4)
      var expected = c
      for i in 0..<m {
        for j in 0..<n {
          let b = (0..<k).map { w[isForward ? j * inputs + $0 : $0 * inputs + j] }
          let begin = start == 0 ? 0 : start == 1 ? c[i * n + j] : row[j]
          let sum = Self.chain(Array(a[(i * k)..<((i + 1) * k)]), b, start: begin)
          expected[i * n + j] = start == 2 && sum < 0 ? 0 : sum
        }
      }
      a.withUnsafeBufferPointer { a in
        row.withUnsafeBufferPointer { row in
          panels.withUnsafeBufferPointer { panels in
            c.withUnsafeMutableBufferPointer { c in
              let (target, row) = (c.baseAddress!, row.baseAddress!)
              var product = skein_bfloat16_product(
                a: a.baseAddress!, a_row: k, tiles: nil, row: 0, panels: panels.baseAddress!,
                column: 0, slots: (k + 1) / 2, first_slot: 0, slot_count: (k + 1) / 2, k: k,
                start: [nil, UnsafePointer(target), row][start], start_row: start == 1 ? n : 0,
                c: target, c_row: n, m: m, n: n, rectifies: start == 2)
              level.product(&product)
            }
          }
        }
      }
      if let wrong = c.indices.first(where: { !Self.isSame(c[$0], expected[$0]) }) {
        return
          "\(kind) \(m)×\(k)×\(n), start \(start): \(c[wrong]) for \(expected[wrong]) at \(wrong)"
      }
    }
    return nil
  }

  @Test(arguments: names, Kind.allCases)
  func everySmallLayerIsOneChain(name: String, kind: Kind) {
    let level = Self.levels[Self.names.firstIndex(of: name)!]
    var wrong: [String] = []
    for m in [1, 2, 3, 5, 8, 9, 13] {
      for outputs in [1, 2, 7, 16, 17, 33, 48, 49] {
        for inputs in [1, 2, 3, 8, 31, 33, 54] {
          let start = (m + outputs + inputs) % 3
          if let found = differenceOfLayer(level, kind, m, outputs, inputs, start: start) {
            wrong.append(found)
          }
        }
      }
    }
    #expect(wrong.prefix(5) == [])
  }

  /// More than the rows and the depth of one pass.
  @Test(arguments: names)
  func largerLayersAreOneChain(name: String) {
    let level = Self.levels[Self.names.firstIndex(of: name)!]
    for (m, outputs, inputs) in [(67, 50, 1029), (3, 3, 2050), (66, 97, 12)] {
      let found = differenceOfLayer(level, .usual, m, outputs, inputs, start: 2)
      #expect(found == nil)
    }
  }

  /// In a process of its own, because a level is the whole process's.
  @Test func gradientsAreOneChainPerBatchShard() async {
    await #expect(processExitsWith: .success) {
      for level in Kernels.bfloat16Levels {
        #expect(Kernels.useBFloat16(level))
        for kind in Kind.allCases { BFloat16Tests().checkGradients(kind, level) }
      }
    }
  }

  /// dW over batch shards that begin with even and odd samples, whatever the slices were.
  private func checkGradients(_ kind: Kind, _ level: String) {
    for (cuts, outputs, inputs) in [
      ([0, 1], 3, 5), ([0, 3, 5, 8], 17, 50), ([0, 1, 2, 3, 4], 9, 97),
      ([0, 7, 13, 19, 24], 70, 20),
      ([0, 16, 32], 8, 48), ([0, 11], 2, 49),
      // More rows than a block, which begin within a tile, and more slots than a pass.
      ([0, 2090], 147, 3),
    ] {
      let count = cuts.last!
      let (dz, x) = (kind.numbers(count * outputs, 5), kind.numbers(count * inputs, 6))
      for slice in [2, 8, 24] {
        let arena = Arena()
        let operands = BFloat16Operands(outputs: outputs, inputs: inputs, cuts: cuts, in: arena)
        for first in stride(from: 0, to: count, by: slice).reversed() {
          let samples = first..<min(first + slice, count)
          dz.withUnsafeBufferPointer {
            operands.packGradients($0.baseAddress! + first * outputs, of: samples)
          }
          x.withUnsafeBufferPointer {
            operands.packInputs($0.baseAddress! + first * inputs, of: samples)
          }
        }
        // Each batch shard, and all of them as one chain.
        for samples in zip(cuts, cuts.dropFirst()).map({ $0..<$1 }) + [0..<count] {
          for (rows, columns) in [
            (0..<outputs, 0..<inputs), (outputs / 2..<outputs, inputs / 48 * 48..<inputs),
          ] where !rows.isEmpty && !columns.isEmpty {
            var found = [Float](repeating: .nan, count: rows.count * columns.count)
            operands.gradient(samples, rows: rows, columns: columns, into: &found)
            let expected = rows.flatMap { i in
              columns.map { j in
                Self.chain(
                  samples.map { dz[$0 * outputs + i] }, samples.map { x[$0 * inputs + j] })
              }
            }
            let isRight = zip(found, expected).allSatisfy { Self.isSame($0, $1) }
            #expect(
              isRight,
              "\(kind) on \(level), batch shards at \(cuts), slices of \(slice), \(samples)")
          }
        }
        withExtendedLifetime(arena) {}
      }
    }
  }

  /// The instruction for pairs is taken where it is not slower than multiply-adds.
  @Test func theFasterLoopsAreTaken() {
    let best = String(cString: Kernels.bfloat16.pointee.name)
    if skein_has_slow_pairs() {
      #expect(best == Kernels.level)
    } else {
      #expect(best == Kernels.bfloat16Levels.first { $0.hasPrefix(Kernels.level) })
    }
  }

  @Test func eachLevelOfTheOtherLoopsHasOne() {
    for name in Kernels.levels { #expect(Self.names.contains(name)) }
    #expect(Self.names == Kernels.bfloat16Levels)
    #expect(skein_bfloat16(-1) == nil && skein_bfloat16(Int32(skein_bfloat16_levels)) == nil)
  }

  @Test(.enabled(if: names.contains("AVX-512 BF16"), "no AVX512-BF16: its loops go untested"))
  func loopsForAVX512BF16AreTested() {
    #expect(Self.names.first == "AVX-512 BF16")
  }
}
