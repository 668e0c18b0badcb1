#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An operation on one tensor, element by element: y = f(x).
protocol UnaryOperation: Operation {
  func value(_ x: Float) -> Float
  /// dy/dx, from x and from y = f(x), whichever is cheaper.
  func slope(_ x: Float, _ y: Float) -> Float
}

extension UnaryOperation {
  func resultShape(_ operands: [Shape]) -> Shape { operands[0] }

  func forward(_ frame: Frame) {
    let (x, y) = (frame.operand(0), frame.result)
    for i in 0..<y.count { y[i] = value(x[i]) }
  }

  func backward(_ frame: Frame) {
    let (x, y, dy) = (frame.operand(0), frame.result, frame.resultGradient)
    frame.gradient(0)?.add { dy[$0] * slope(x[$0], y[$0]) }
  }
}

/// y = −x.
struct Negate: UnaryOperation {
  static let name = "negate"
  func value(_ x: Float) -> Float { -x }
  func slope(_ x: Float, _ y: Float) -> Float { -1 }
}

/// y = xᵖ, p fixed.
struct Power: UnaryOperation {
  static let name = "pow"
  let exponent: Float

  func value(_ x: Float) -> Float {
    // The square is most of what is asked for, and powf is 20 times a multiplication.
    exponent == 2 ? x * x : powf(x, exponent)
  }

  func slope(_ x: Float, _ y: Float) -> Float {
    // x⁰ is 1 everywhere, also where 0 · x⁻¹ is no number.
    exponent == 2 ? 2 * x : exponent == 0 ? 0 : exponent * powf(x, exponent - 1)
  }
}

/// y = eˣ.
struct Exponential: UnaryOperation {
  static let name = "exp"
  func value(_ x: Float) -> Float { expf(x) }
  func slope(_ x: Float, _ y: Float) -> Float { y }
}

/// y = ln x.
struct Logarithm: UnaryOperation {
  static let name = "log"
  func value(_ x: Float) -> Float { logf(x) }
  func slope(_ x: Float, _ y: Float) -> Float { 1 / x }
}

/// y = √x.
struct SquareRoot: UnaryOperation {
  static let name = "sqrt"
  func value(_ x: Float) -> Float { x.squareRoot() }
  func slope(_ x: Float, _ y: Float) -> Float { 0.5 / y }
}

extension Tensor {
  /// −x, element by element.
  public static prefix func - (x: Tensor) -> Tensor { x.tape.record(Negate(), [x]) }

  /// xᵖ, element by element; a negative x with a p that is no whole number gives NaN.
  public func pow(_ exponent: Float) -> Tensor { tape.record(Power(exponent: exponent), [self]) }

  /// eˣ, element by element.
  public func exp() -> Tensor { tape.record(Exponential(), [self]) }

  /// The natural logarithm, element by element; −∞ at 0, NaN below.
  public func log() -> Tensor { tape.record(Logarithm(), [self]) }

  /// √x, element by element; NaN below 0.
  public func sqrt() -> Tensor { tape.record(SquareRoot(), [self]) }
}
