import SkeinFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
struct Sigmoid: UnaryOperation {
  static let name = "sigmoid"
  func value(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
  func slope(_ x: Float, _ y: Float) -> Float { y * (1 - y) }
}

/// y = tanh x.
struct Tanh: UnaryOperation {
  static let name = "tanh"
  func value(_ x: Float) -> Float { tanhf(x) }
  func slope(_ x: Float, _ y: Float) -> Float { 1 - y * y }
}

/// y = scale · x where x > 0, scale · α · (eˣ − 1) elsewhere; SELU fixes both numbers.
///
/// Sources: Clevert et al., "ELU", 2015; Klambauer et al., "Self-Normalizing Neural Networks",
/// 2017.
struct Elu: UnaryOperation {
  static let name = "elu"
  static let selu = Elu(alpha: 1.673_263_2, scale: 1.050_701)
  let alpha: Float
  var scale: Float = 1
  func value(_ x: Float) -> Float { x > 0 ? scale * x : scale * alpha * expm1f(x) }
  func slope(_ x: Float, _ y: Float) -> Float { x > 0 ? scale : y + scale * alpha }
}

/// y = x · Φ(x), Φ the normal distribution function: x/2 · (1 + erf(x/√2)).
///
/// Source: Hendrycks, Gimpel, "Gaussian Error Linear Units", 2016; the exact form, not tanh's.
struct Gelu: UnaryOperation {
  static let name = "gelu"
  private static let rootHalf: Float = 0.707_106_77
  private static let inverseRootTwoPi: Float = 0.398_942_3
  func value(_ x: Float) -> Float { 0.5 * x * (1 + erff(x * Self.rootHalf)) }
  func slope(_ x: Float, _ y: Float) -> Float {
    0.5 * (1 + erff(x * Self.rootHalf)) + x * Self.inverseRootTwoPi * expf(-0.5 * x * x)
  }
}

/// y = x · sigmoid(x), also called SiLU.
///
/// Source: Ramachandran et al., "Searching for Activation Functions", 2017.
struct Swish: UnaryOperation {
  static let name = "swish"
  func value(_ x: Float) -> Float { x / (1 + expf(-x)) }
  func slope(_ x: Float, _ y: Float) -> Float {
    let sigmoid = 1 / (1 + expf(-x))
    return sigmoid * (1 + x * (1 - sigmoid))
  }
}

/// y = ln(1 + eˣ), written so that neither end overflows.
struct Softplus: UnaryOperation {
  static let name = "softplus"
  func value(_ x: Float) -> Float { max(x, 0) + log1pf(expf(-abs(x))) }
  func slope(_ x: Float, _ y: Float) -> Float { 1 / (1 + expf(-x)) }
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
    frame.gradient(1)?.add { _ in
      var sum = 0.0
      for i in 0..<x.count where x[i] <= 0 { sum += Double(dy[i] * x[i]) }
      return Float(sum)
    }
  }
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
    tape.record(ParametricRelu(), [self, slope])
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
