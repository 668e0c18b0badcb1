import SkeinKernels

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

/// A unary operation whose values come from functions of many numbers at once: `VectorMath`'s give
/// the same bits everywhere, and libm's do not.
protocol FunctionOperation: Operation {
  /// Writes f(x[i]) to y[i] for i < `count`.
  func apply(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int)
  /// Writes dy/dx to slopes[i] for i < `count`, from x and y, whichever is cheaper. `work` has room
  /// for as many elements.
  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int)
}

extension FunctionOperation {
  func resultShape(_ operands: [Shape]) -> Shape { operands[0] }
  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { true }

  func forward(_ frame: Frame) {
    let y = frame.result
    guard let x = frame.operand(0).baseAddress, let result = y.baseAddress else { return }
    apply(x, result, y.count)
  }

  func backward(_ frame: Frame) {
    let (count, dy) = (frame.result.count, frame.resultGradient)
    guard let sink = frame.gradient(0), let x = frame.operand(0).baseAddress,
      let y = frame.result.baseAddress
    else { return }
    // 1 KiB for both: what takes more is not on the stack, but allocated.
    let block = 128
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * block) { memory in
      guard let slope = memory.baseAddress else { return }
      for start in stride(from: 0, to: count, by: block) {
        let size = min(block, count - start)
        slopes(x + start, y + start, into: slope, slope + block, size)
        sink.add(start..<(start + size)) { dy[$0] * slope[$0 - start] }
      }
    }
  }
}

extension UnaryOperation {
  func resultShape(_ operands: [Shape]) -> Shape { operands[0] }
  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { true }

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
    // The square is most of what is asked for, and powf is 20 times a multiplication. It is libm's,
    // whose last bit may depend on the processor; no layer and no loss uses it.
    exponent == 2 ? x * x : powf(x, exponent)
  }

  func slope(_ x: Float, _ y: Float) -> Float {
    // x⁰ is 1 everywhere, also where 0 · x⁻¹ is no number.
    exponent == 2 ? 2 * x : exponent == 0 ? 0 : exponent * powf(x, exponent - 1)
  }
}

/// y = eˣ.
struct Exponential: FunctionOperation {
  static let name = "exp"

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    VectorMath.exp(x, into: y, count: count)
  }

  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int
  ) { slopes.update(from: y, count: count) }
}

/// y = ln x.
struct Logarithm: FunctionOperation {
  static let name = "log"

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    VectorMath.log(x, into: y, count: count)
  }

  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int
  ) { for i in 0..<count { slopes[i] = 1 / x[i] } }
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
