import SkeinAutograd

extension Activation {
  /// What it computes, as text.
  public var formula: String {
    switch self {
    case .relu: "max(x, 0)"
    case .leakyRelu(let slope): "x > 0: x, else \(slope)·x"
    case .parametricRelu: "x > 0: x, else a·x; a trains, from 0.25"
    case .sigmoid: "1 / (1 + e⁻ˣ)"
    case .tanh: "tanh x"
    case .elu(let alpha): "x > 0: x, else \(alpha == 1 ? "eˣ − 1" : "\(alpha)·(eˣ − 1)")"
    case .selu: "1.0507·(x > 0: x, else 1.6733·(eˣ − 1))"
    case .gelu: "x · Φ(x)"
    case .swish: "x / (1 + e⁻ˣ)"
    case .softplus: "ln(1 + eˣ)"
    case .identity: "x"
    case .binaryStep: "x ≥ 0: 1, else 0"
    }
  }

  /// Its values at `xs`, and its slopes there, computed on a tape as in training; no slopes where
  /// no gradient passes through. A parametric relu has the slope that it starts from.
  public func sampled(_ xs: [Float]) -> (values: [Float], slopes: [Float]?) {
    let tape = Tape()
    let x = tape.variable(xs)
    let slope = self == .parametricRelu ? tape.variable(0.25) : nil
    let y = self(x, slope: slope)
    guard isTrainable else { return (y.values, nil) }
    y.sum().backward()
    return (y.values, x.gradient)
  }
}
