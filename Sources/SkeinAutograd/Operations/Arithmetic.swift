import SkeinFiles

/// An operation on two tensors of one shape, element by element: y = f(a, b).
///
/// Operands of different shapes are broadcast first (`Tensor.broadcast`), so that the rules here
/// stay one line each.
protocol BinaryOperation: Operation {
  func value(_ a: Float, _ b: Float) -> Float
  /// ∂y/∂a.
  func slopeA(_ a: Float, _ b: Float) -> Float
  /// ∂y/∂b.
  func slopeB(_ a: Float, _ b: Float) -> Float
}

extension BinaryOperation {
  func resultShape(_ operands: [Shape]) -> Shape { operands[0] }
  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { hasSamples == [true, true] }

  func forward(_ frame: Frame) {
    let (a, b, y) = (frame.operand(0), frame.operand(1), frame.result)
    for i in 0..<y.count { y[i] = value(a[i], b[i]) }
  }

  func backward(_ frame: Frame) {
    let (a, b, dy) = (frame.operand(0), frame.operand(1), frame.resultGradient)
    frame.gradient(0)?.add { dy[$0] * slopeA(a[$0], b[$0]) }
    frame.gradient(1)?.add { dy[$0] * slopeB(a[$0], b[$0]) }
  }
}

/// y = a + b.
struct Add: BinaryOperation {
  static let name = "+"
  func value(_ a: Float, _ b: Float) -> Float { a + b }
  func slopeA(_ a: Float, _ b: Float) -> Float { 1 }
  func slopeB(_ a: Float, _ b: Float) -> Float { 1 }
}

/// y = a − b.
struct Subtract: BinaryOperation {
  static let name = "-"
  func value(_ a: Float, _ b: Float) -> Float { a - b }
  func slopeA(_ a: Float, _ b: Float) -> Float { 1 }
  func slopeB(_ a: Float, _ b: Float) -> Float { -1 }
}

/// y = a · b.
struct Multiply: BinaryOperation {
  static let name = "*"
  func value(_ a: Float, _ b: Float) -> Float { a * b }
  func slopeA(_ a: Float, _ b: Float) -> Float { b }
  func slopeB(_ a: Float, _ b: Float) -> Float { a }
}

/// y = a / b.
struct Divide: BinaryOperation {
  static let name = "/"
  func value(_ a: Float, _ b: Float) -> Float { a / b }
  func slopeA(_ a: Float, _ b: Float) -> Float { 1 / b }
  func slopeB(_ a: Float, _ b: Float) -> Float { -a / (b * b) }
}

extension Tensor {
  /// The sum a + b, element by element, with NumPy's broadcasting.
  public static func + (a: Tensor, b: Tensor) -> Tensor { broadcasting(Add(), a, b) }
  /// The difference a − b, element by element, with NumPy's broadcasting.
  public static func - (a: Tensor, b: Tensor) -> Tensor { broadcasting(Subtract(), a, b) }
  /// The product a · b, element by element, with NumPy's broadcasting; see `matmul` for matrices.
  public static func * (a: Tensor, b: Tensor) -> Tensor { broadcasting(Multiply(), a, b) }
  /// The quotient a / b, element by element, with NumPy's broadcasting.
  public static func / (a: Tensor, b: Tensor) -> Tensor { broadcasting(Divide(), a, b) }

  // With a number: a constant of shape [] on the tensor's tape.
  /// The sum a + b for every element a; b is a constant of shape [] on the tape.
  public static func + (a: Tensor, b: Float) -> Tensor { a + a.tape.constant(b) }
  /// The difference a − b for every element a; b is a constant of shape [] on the tape.
  public static func - (a: Tensor, b: Float) -> Tensor { a - a.tape.constant(b) }
  /// The product a · b for every element a; b is a constant of shape [] on the tape.
  public static func * (a: Tensor, b: Float) -> Tensor { a * a.tape.constant(b) }
  /// The quotient a / b for every element a; b is a constant of shape [] on the tape.
  public static func / (a: Tensor, b: Float) -> Tensor { a / a.tape.constant(b) }
  /// The sum a + b for every element b; a is a constant of shape [] on the tape.
  public static func + (a: Float, b: Tensor) -> Tensor { b.tape.constant(a) + b }
  /// The difference a − b for every element b; a is a constant of shape [] on the tape.
  public static func - (a: Float, b: Tensor) -> Tensor { b.tape.constant(a) - b }
  /// The product a · b for every element b; a is a constant of shape [] on the tape.
  public static func * (a: Float, b: Tensor) -> Tensor { b.tape.constant(a) * b }
  /// The quotient a / b for every element b; a is a constant of shape [] on the tape.
  public static func / (a: Float, b: Tensor) -> Tensor { b.tape.constant(a) / b }

  /// Records `operation` on two tensors stretched to their common shape.
  private static func broadcasting<O: BinaryOperation>(
    _ operation: O, _ a: Tensor, _ b: Tensor
  ) -> Tensor {
    guard let shape = a.shape.broadcast(with: b.shape) else {
      misuse("\(O.name): shapes \(a.shape) and \(b.shape) do not broadcast")
    }
    return a.tape.record(operation, [a.broadcast(to: shape), b.broadcast(to: shape)])
  }
}
