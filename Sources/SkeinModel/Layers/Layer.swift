import SkeinAutograd

/// One layer of a network: a value of sizes and constants. It knows no data, and it keeps no tape:
/// it records itself on the tape of what comes in.
///
/// A network asks a layer while it is made and while a pass is recorded, and never in a step. A new
/// kind of layer is one file with a type of its own.
public protocol Layer: Sendable {
  /// What it computes, as messages name it: "relu", "x·Wᵀ + b".
  var operation: String { get }

  /// Whether it begins a numbered block of the network, as "layers.0" is one. A layer that is
  /// applied to another one's results, as an activation, belongs to that one's block.
  var isNumbered: Bool { get }

  /// The shape of a sample's result, given the shape of what comes in.
  func output(for input: Shape) -> Shape

  /// The parameters that it trains, in the order in which their first values are drawn.
  func parameters(for input: Shape) -> [ParameterDeclaration]

  /// Multiply-adds of a sample's forward pass in matrix products. Other arithmetic is not counted:
  /// in wide layers it is below 1 %.
  func multiplyAdds(for input: Shape) -> Double

  /// Records the layer on the tape of `x` [n, …], once for each number of rows.
  ///
  /// - Parameter parameters: as `parameters(for:)` declares them.
  func record(_ x: Tensor, _ parameters: [Tensor]) -> Tensor

  /// One layer that gives the bits of this one and `next` at less cost, with the parameters of
  /// both; nil where there is none. Training uses it, because nobody looks at what stands between
  /// the two.
  func fused(with next: any Layer) -> (any Layer)?
}

extension Layer {
  /// True: most layers begin a block.
  public var isNumbered: Bool { true }
  /// None.
  public func parameters(for input: Shape) -> [ParameterDeclaration] { [] }
  /// 0: the layer has no matrix product.
  public func multiplyAdds(for input: Shape) -> Double { 0 }
  /// Nil: the layer stands for itself.
  public func fused(with next: any Layer) -> (any Layer)? { nil }
}

/// A parameter that a layer wants.
public struct ParameterDeclaration: Sendable, Equatable {
  /// As PyTorch would call it within its layer: "weight".
  public let name: String
  /// One size per axis. Their product may be more than an `Int` holds: a network's size is found in
  /// doubles before its shapes are made.
  public let sizes: [Int]
  /// What it does, which decides its first values.
  public let role: ParameterRole

  /// - Parameters:
  ///   - name: its name within the layer, as PyTorch has it.
  ///   - sizes: one per axis, > 0.
  ///   - role: what it does.
  public init(_ name: String, sizes: [Int], role: ParameterRole) {
    self.name = name
    self.sizes = sizes
    self.role = role
  }

  /// How many numbers it has.
  var count: Double { sizes.reduce(1) { $0 * Double($1) } }
}

/// What a parameter does in its layer, which decides what it starts from.
public enum ParameterRole: Sendable, Equatable {
  /// Weights of units with so many inputs, in a layer of so many outputs.
  case weight(inputs: Int, outputs: Int)
  /// One number per unit of a layer with so many outputs.
  case bias(inputs: Int, outputs: Int)
  /// The slope of a parametric relu, which starts from `value`.
  case slope(value: Float)

  /// Whether it is `weight`, whatever its sizes.
  package var isWeight: Bool { if case .weight = self { true } else { false } }
  /// Whether it is `bias`, whatever its sizes.
  package var isBias: Bool { if case .bias = self { true } else { false } }
  /// Whether it is `slope`, whatever its value.
  package var isSlope: Bool { if case .slope = self { true } else { false } }
}
