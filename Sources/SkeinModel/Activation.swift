import SkeinAutograd

/// The function that a hidden layer applies to its sums, element by element.
public enum Activation: Hashable, Sendable {
  /// max(x, 0).
  case relu
  /// x where x > 0, slope · x elsewhere.
  case leakyRelu(slope: Float = 0.01)
  /// As leaky relu, with a slope per layer that trains; it starts at 0.25, as PyTorch's `PReLU`.
  case parametricRelu
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// tanh x.
  case tanh
  /// x where x > 0, α (eˣ − 1) elsewhere.
  case elu(alpha: Float = 1)
  /// ELU with the constants that keep mean 0 and variance 1.
  case selu
  /// x · Φ(x).
  case gelu
  /// x · sigmoid(x).
  case swish
  /// ln(1 + eˣ).
  case softplus
  /// x: a deep linear network.
  case identity
  /// 1 where x ≥ 0, 0 elsewhere: forward only, nothing learns through it.
  case binaryStep

  /// Every activation, with its default constants, in the order in which help pages list them.
  public static let all: [Activation] = [
    .relu, .leakyRelu(), .parametricRelu, .sigmoid, .tanh, .elu(), .selu, .gelu, .swish, .softplus,
    .identity, .binaryStep,
  ]

  /// The name in job files.
  public var name: String {
    switch self {
    case .relu: "relu"
    case .leakyRelu: "leakyRelu"
    case .parametricRelu: "parametricRelu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .elu: "elu"
    case .selu: "selu"
    case .gelu: "gelu"
    case .swish: "swish"
    case .softplus: "softplus"
    case .identity: "identity"
    case .binaryStep: "binaryStep"
    }
  }

  /// Whether a gradient passes through it.
  public var isTrainable: Bool { self != .binaryStep }

  /// The activation of `x`; `slope` is the trained slope of a parametric relu.
  ///
  /// - Precondition: `slope` is there for `parametricRelu`.
  func callAsFunction(_ x: Tensor, slope: Tensor?) -> Tensor {
    switch self {
    case .relu: return x.relu()
    case .leakyRelu(let slope): return x.leakyRelu(slope: slope)
    case .parametricRelu:
      guard let slope else { preconditionFailure("a parametric relu without its slope") }
      return x.parametricRelu(slope: slope)
    case .sigmoid: return x.sigmoid()
    case .tanh: return x.tanh()
    case .elu(let alpha): return x.elu(alpha: alpha)
    case .selu: return x.selu()
    case .gelu: return x.gelu()
    case .swish: return x.swish()
    case .softplus: return x.softplus()
    case .identity: return x
    case .binaryStep: return x.binaryStep()
    }
  }
}
