import SkeinAutograd

/// The function that a hidden layer applies to its preactivations, element by element.
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
  public var name: String { definition.name }

  /// What it computes, as text.
  public var formula: String { definition.formula }

  /// Whether a gradient passes through it.
  public var isTrainable: Bool { self != .binaryStep }

  /// Name, formula and operation of an activation.
  private struct Definition {
    let name: String
    let formula: String
    /// Records it; `parameters` are those that the layer declares.
    let apply: (_ x: Tensor, _ parameters: [Tensor]) -> Tensor

    init(
      _ name: String, _ formula: String,
      _ apply: @escaping (_ x: Tensor, _ parameters: [Tensor]) -> Tensor
    ) {
      (self.name, self.formula, self.apply) = (name, formula, apply)
    }
  }

  /// The table of all activations: a new one is a case above and a row here.
  private var definition: Definition {
    switch self {
    case .relu: Definition("relu", "max(x, 0)") { x, _ in x.relu() }
    case .leakyRelu(let slope):
      Definition("leakyRelu", "x > 0: x, else \(slope)·x") { x, _ in x.leakyRelu(slope: slope) }
    case .parametricRelu:
      Definition("parametricRelu", "x > 0: x, else a·x; a trains, from 0.25") { x, parameters in
        x.parametricRelu(slope: parameters[0])
      }
    case .sigmoid: Definition("sigmoid", "1 / (1 + e⁻ˣ)") { x, _ in x.sigmoid() }
    case .tanh: Definition("tanh", "tanh x") { x, _ in x.tanh() }
    case .elu(let alpha):
      Definition("elu", "x > 0: x, else \(alpha == 1 ? "eˣ − 1" : "\(alpha)·(eˣ − 1)")") { x, _ in
        x.elu(alpha: alpha)
      }
    case .selu:
      Definition("selu", "1.0507·(x > 0: x, else 1.6733·(eˣ − 1))") { x, _ in x.selu() }
    case .gelu: Definition("gelu", "x · Φ(x)") { x, _ in x.gelu() }
    case .swish: Definition("swish", "x / (1 + e⁻ˣ)") { x, _ in x.swish() }
    case .softplus: Definition("softplus", "ln(1 + eˣ)") { x, _ in x.softplus() }
    case .identity: Definition("identity", "x") { x, _ in x }
    case .binaryStep: Definition("binaryStep", "x ≥ 0: 1, else 0") { x, _ in x.binaryStep() }
    }
  }
}

extension Activation: Layer {
  /// The activation's name.
  public var operation: String { name }
  /// False: it belongs to the layer in front of it.
  public var isNumbered: Bool { false }
  /// The shape of the input.
  public func output(for input: Shape) -> Shape { input }

  /// The slope of a parametric relu; no other activation trains anything.
  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    self == .parametricRelu
      ? [ParameterDeclaration("slope", sizes: [1], role: .slope(value: 0.25))] : []
  }

  /// Records the activation of `x` [n, …], element by element.
  public func record(_ x: Tensor, _ parameters: [Tensor]) -> Tensor {
    definition.apply(x, parameters)
  }
}
