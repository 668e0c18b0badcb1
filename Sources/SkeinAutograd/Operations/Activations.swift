import SkeinFiles
import SkeinKernels

/// y = max(x, 0); a NaN stays one. Its slope at 0 is 0, as in PyTorch.
struct Relu: UnaryOperation {
  static let name = "relu"
  func value(_ x: Float) -> Float { x < 0 ? 0 : x }
  func slope(_ x: Float, _ y: Float) -> Float { x > 0 ? 1 : 0 }
}

/// y = x where x > 0, slope · x elsewhere.
struct LeakyRelu: UnaryOperation {
  static let name = "leakyRelu"
  let negativeSlope: Float
  func value(_ x: Float) -> Float { x > 0 ? x : negativeSlope * x }
  func slope(_ x: Float, _ y: Float) -> Float { x > 0 ? 1 : negativeSlope }
}

/// y = 1 / (1 + e⁻ˣ).
struct Sigmoid: FunctionOperation {
  static let name = "sigmoid"

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { y[i] = -x[i] }
    VectorMath.exp(y, into: y, count: count)
    for i in 0..<count { y[i] = 1 / (1 + y[i]) }
  }

  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for i in 0..<count { slopes[i] = y[i] * (1 - y[i]) }
  }
}

/// y = tanh x.
struct Tanh: FunctionOperation {
  static let name = "tanh"

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    VectorMath.tanh(x, into: y, count: count)
  }

  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for i in 0..<count { slopes[i] = 1 - y[i] * y[i] }
  }
}

/// y = scale · x where x > 0, scale · α · (eˣ − 1) elsewhere; SELU fixes both numbers.
///
/// Sources: Clevert et al., "ELU", 2015; Klambauer et al., "Self-Normalizing Neural Networks",
/// 2017.
struct Elu: FunctionOperation {
  static let name = "elu"
  static let selu = Elu(alpha: 1.673_263_2, scale: 1.050_701)
  let alpha: Float
  var scale: Float = 1

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { y[i] = min(x[i], 0) }
    VectorMath.expm1(y, into: y, count: count)
    for i in 0..<count { y[i] = x[i] > 0 ? scale * x[i] : scale * alpha * y[i] }
  }

  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for i in 0..<count { slopes[i] = x[i] > 0 ? scale : y[i] + scale * alpha }
  }
}

/// y = x · Φ(x), Φ the normal distribution function: x/2 · (1 + erf(x/√2)).
///
/// Source: Hendrycks, Gimpel, "Gaussian Error Linear Units", 2016; the exact form, not tanh's.
struct Gelu: FunctionOperation {
  static let name = "gelu"
  private static let rootHalf: Float = 0.707_106_77
  private static let inverseRootTwoPi: Float = 0.398_942_3

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { y[i] = x[i] * Self.rootHalf }
    VectorMath.erf(y, into: y, count: count)
    for i in 0..<count { y[i] = 0.5 * x[i] * (1 + y[i]) }
  }

  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for i in 0..<count { (slopes[i], work[i]) = (-0.5 * x[i] * x[i], x[i] * Self.rootHalf) }
    VectorMath.exp(slopes, into: slopes, count: count)
    VectorMath.erf(work, into: work, count: count)
    for i in 0..<count {
      slopes[i] = 0.5 * (1 + work[i]) + x[i] * Self.inverseRootTwoPi * slopes[i]
    }
  }
}

/// y = x · sigmoid(x), also called SiLU.
///
/// Source: Ramachandran et al., "Searching for Activation Functions", 2017.
struct Swish: FunctionOperation {
  static let name = "swish"

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { y[i] = -x[i] }
    VectorMath.exp(y, into: y, count: count)
    for i in 0..<count { y[i] = x[i] / (1 + y[i]) }
  }

  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for i in 0..<count { slopes[i] = -x[i] }
    VectorMath.exp(slopes, into: slopes, count: count)
    for i in 0..<count {
      let sigmoid = 1 / (1 + slopes[i])
      slopes[i] = sigmoid * (1 + x[i] * (1 - sigmoid))
    }
  }
}

/// y = ln(1 + eˣ), written so that neither end overflows.
struct Softplus: FunctionOperation {
  static let name = "softplus"

  func apply(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { y[i] = -abs(x[i]) }
    VectorMath.exp(y, into: y, count: count)
    VectorMath.log1p(y, into: y, count: count)
    for i in 0..<count { y[i] += max(x[i], 0) }
  }

  func slopes(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    into slopes: UnsafeMutablePointer<Float>, _ work: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for i in 0..<count { slopes[i] = -x[i] }
    VectorMath.exp(slopes, into: slopes, count: count)
    for i in 0..<count { slopes[i] = 1 / (1 + slopes[i]) }
  }
}

/// y = 1 where x ≥ 0, 0 elsewhere. It has no useful slope: forward only.
struct BinaryStep: UnaryOperation {
  static let name = "binaryStep"
  func value(_ x: Float) -> Float { x >= 0 ? 1 : 0 }
  func slope(_ x: Float, _ y: Float) -> Float {
    misuse("backward through binaryStep: its slope is 0 everywhere, so nothing would learn")
  }
}

/// y = x where x > 0, a · x elsewhere; the slope a is one trained number for the whole layer.
///
/// Source: He et al., "Delving Deep into Rectifiers", 2015.
struct ParametricRelu: Operation {
  static let name = "parametricRelu"
  /// How many there are along the first axis of x.
  let rows: Int

  func resultShape(_ operands: [Shape]) -> Shape {
    require(
      operands[1].count == 1,
      "parametricRelu: the slope has shape \(operands[1]), for x of shape \(operands[0])")
    return operands[0]
  }

  func forward(_ frame: Frame) {
    let (x, slope, y) = (frame.operand(0), frame.operand(1)[0], frame.result)
    for i in 0..<y.count { y[i] = x[i] > 0 ? x[i] : slope * x[i] }
  }

  func backward(_ frame: Frame) {
    let (x, slope, dy) = (frame.operand(0), frame.operand(1)[0], frame.resultGradient)
    frame.gradient(0)?.add { x[$0] > 0 ? dy[$0] : slope * dy[$0] }
    frame.gradient(1)?.add { _ in DeferredGradient.slope(x, dy) }
  }

  func gradientRule(ofOperand k: Int, _ frame: Frame) -> DeferredGradient.Rule? {
    let (x, dy) = (frame.operand(0), frame.resultGradient)
    guard k == 1, let first = x.baseAddress, let gradient = dy.baseAddress, rows > 0 else {
      return nil
    }
    return .slope(first, gradient, width: x.count / rows, samples: rows)
  }

  func keepsSamplesApart(_ hasSamples: [Bool]) -> Bool { hasSamples == [true, false] }
}

extension Tensor {
  /// max(x, 0).
  public func relu() -> Tensor { tape.record(Relu(), [self]) }
  /// x where x > 0, `slope` · x elsewhere.
  public func leakyRelu(slope: Float = 0.01) -> Tensor {
    tape.record(LeakyRelu(negativeSlope: slope), [self])
  }
  /// x where x > 0, `slope` · x elsewhere, with a slope (one element) that can be trained.
  public func parametricRelu(slope: Tensor) -> Tensor {
    tape.record(ParametricRelu(rows: shape.rank == 0 ? 1 : shape[0]), [self, slope])
  }
  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor { tape.record(Sigmoid(), [self]) }
  /// tanh x.
  public func tanh() -> Tensor { tape.record(Tanh(), [self]) }
  /// x where x > 0, `alpha` · (eˣ − 1) elsewhere.
  public func elu(alpha: Float = 1) -> Tensor { tape.record(Elu(alpha: alpha), [self]) }
  /// ELU with the two constants that keep mean 0 and variance 1.
  public func selu() -> Tensor { tape.record(Elu.selu, [self]) }
  /// x · Φ(x).
  public func gelu() -> Tensor { tape.record(Gelu(), [self]) }
  /// x · sigmoid(x).
  public func swish() -> Tensor { tape.record(Swish(), [self]) }
  /// ln(1 + eˣ).
  public func softplus() -> Tensor { tape.record(Softplus(), [self]) }
  /// 1 where x ≥ 0, 0 elsewhere; `backward` through it is a programmer's error.
  public func binaryStep() -> Tensor { tape.record(BinaryStep(), [self]) }
}
