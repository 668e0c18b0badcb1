import SkeinAutograd
import SkeinFiles

/// A fully connected layer: y[n, out] = x[n, in] · W[out, in]ᵀ + b[out].
public struct Dense: Layer {
  /// How many units it has.
  public let outputs: Int

  /// - Precondition: `outputs` is positive.
  public init(outputs: Int) {
    require(outputs > 0, "a dense layer of \(outputs) units")
    self.outputs = outputs
  }

  /// The layer's formula.
  public var operation: String { "x·Wᵀ + b" }

  /// [outputs], whatever the input's shape.
  public func output(for input: Shape) -> Shape { [outputs] }

  /// `weight` [outputs, inputs], then `bias` [outputs].
  public func parameters(for input: Shape) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "weight", sizes: [outputs, input.count],
        role: .weight(inputs: input.count, outputs: outputs)),
      ParameterDeclaration(
        "bias", sizes: [outputs], role: .bias(inputs: input.count, outputs: outputs)),
    ]
  }

  /// inputs · outputs.
  public func multiplyAdds(for input: Shape) -> Double { Double(input.count) * Double(outputs) }

  /// Records `x` [n, inputs] · weightᵀ + bias, [n, outputs].
  public func record(_ x: Tensor, _ parameters: [Tensor]) -> Tensor {
    x.linear(weight: parameters[0], bias: parameters[1])
  }

  /// One operation for the layer and a relu behind it; nil for anything else.
  public func fused(with next: any Layer) -> (any Layer)? {
    next as? Activation == .relu ? RectifiedDense(dense: self) : nil
  }
}

/// A dense layer and its relu in one operation, which never writes the preactivations down.
private struct RectifiedDense: Layer {
  let dense: Dense

  var operation: String { "relu(\(dense.operation))" }
  func output(for input: Shape) -> Shape { dense.output(for: input) }
  func record(_ x: Tensor, _ parameters: [Tensor]) -> Tensor {
    x.linearRelu(weight: parameters[0], bias: parameters[1])
  }
}
