import CKernels
import Foundation
import SkeinTestSupport
import Testing

@testable import SkeinKernels

/// The functions of every level against those in Double, and against each other bit for bit.
@Suite struct VectorMathTests {
  /// One function.
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let exact: @Sendable (Double) -> Double
    /// Which arguments it is meant for.
    let domain: ClosedRange<Float>
    /// The largest error in units in the last place.
    let error: Double

    var testDescription: String { name }

    func apply(_ level: skein_kernels, _ x: [Float]) -> [Float] {
      var y = [Float](repeating: 7, count: x.count)
      switch name {
      case "exp": level.exp(x, &y, x.count)
      case "softmax exp": level.softmax_exp(x, &y, x.count)
      case "expm1": level.expm1(x, &y, x.count)
      case "log": level.log(x, &y, x.count)
      case "log1p": level.log1p(x, &y, x.count)
      case "tanh": level.tanh(x, &y, x.count)
      default: level.erf(x, &y, x.count)
      }
      return y
    }
  }

  static let functions = [
    Function(name: "exp", exact: { exp($0) }, domain: -104...89, error: 1.1),
    Function(name: "softmax exp", exact: { exp($0) }, domain: -64...0, error: 1.1),
    Function(name: "expm1", exact: { expm1($0) }, domain: -.infinity...88, error: 1.5),
    Function(name: "log", exact: { log($0) }, domain: 0...(.infinity), error: 1),
    Function(name: "log1p", exact: { log1p($0) }, domain: 0...(.infinity), error: 1.5),
    Function(name: "tanh", exact: { tanh($0) }, domain: -.infinity...(.infinity), error: 1.5),
    Function(name: "erf", exact: { erf($0) }, domain: -.infinity...(.infinity), error: 1.1),
  ]

  /// Every 9,973rd Float, of all of them: denormal numbers, infinities and NaN too.
  private static let all: [Float] = stride(from: 0, to: 1 << 32, by: 9973).map {
    Float(bitPattern: UInt32($0))
  }

  @Test(arguments: functions)
  func errorsAreSmall(function: Function) {
    let x = Self.all.filter { function.domain.contains($0) }
    let y = function.apply(LevelTests.levels[0], x)
    var worst = (error: 0.0, x: Float(0))
    for (x, y) in zip(x, y) {
      let exact = function.exact(Double(x))
      let rounded = Float(exact)
      if rounded.isInfinite || y.isInfinite {
        #expect(y == rounded, "\(function.name) \(x)")
      } else {
        let error = abs(Double(y) - exact) / Double(max(rounded.ulp, .leastNonzeroMagnitude))
        // A NaN is no smaller error.
        if !(error <= worst.error) { worst = (error, x) }
      }
    }
    #expect(x.count > 100_000 && worst.error <= function.error, "\(worst)")
  }

  @Test(arguments: functions)
  func allLevelsHaveTheSameBits(function: Function) {
    let best = function.apply(LevelTests.levels[0], Self.all)
    for level in LevelTests.levels.dropFirst() {
      let found = function.apply(level, Self.all)
      let wrong = found.indices.first {
        found[$0].bitPattern != best[$0].bitPattern && !(found[$0].isNaN && best[$0].isNaN)
      }
      #expect(wrong == nil, "\(String(cString: level.name)), \(wrong.map { Self.all[$0] } ?? 0)")
    }
  }

  @Test func specialNumbers() {
    for level in LevelTests.levels {
      func value(_ name: String, _ x: Float) -> Float {
        Self.functions.first { $0.name == name }!.apply(level, [x])[0]
      }
      for function in Self.functions { #expect(value(function.name, .nan).isNaN) }
      #expect(value("exp", .infinity) == .infinity && value("exp", -.infinity) == 0)
      #expect(value("exp", 0) == 1 && value("exp", -200) == 0 && value("exp", 89) == .infinity)
      #expect(value("exp", -103) == .leastNonzeroMagnitude)
      for x: Float in [-64, -63.9, -1, -0.0, 0] {
        #expect(value("softmax exp", x) == value("exp", x))
      }
      for x: Float in [Float(-64).nextDown, -87, -104, -1e9, -.infinity] {
        #expect(value("softmax exp", x) == 0)
      }
      #expect(value("expm1", .infinity) == .infinity && value("expm1", -.infinity) == -1)
      #expect(value("log", .infinity) == .infinity && value("log", 0) == -.infinity)
      #expect(value("log", 1) == 0 && value("log", -1).isNaN)
      #expect(value("log1p", 0) == 0 && value("log1p", .infinity) == .infinity)
      #expect(value("tanh", .infinity) == 1 && value("tanh", -.infinity) == -1)
      #expect(value("erf", .infinity) == 1 && value("erf", -.infinity) == -1)
    }
  }

  /// An element's result does not depend on how many stand beside it.
  @Test(arguments: functions)
  func placeDoesNotMatter(function: Function) {
    let x = values(40).map { abs($0) }
    for level in LevelTests.levels {
      let alone = x.map { function.apply(level, [$0])[0] }
      for count in 0...40 {
        #expect(function.apply(level, Array(x[..<count])) == Array(alone[..<count]))
      }
    }
  }

  @Test func oneLogarithmIsThatOfMany() {
    for x in values(20).map({ abs($0) }) {
      var y: Float = 0
      withUnsafePointer(to: x) { VectorMath.log($0, into: &y, count: 1) }
      #expect(VectorMath.log(x) == y)
    }
  }
}
