import SkeinAutograd
import SkeinKernels

/// Where each parameter of a network stands in one flat buffer.
///
/// The optimizer's states have the same layout: a parameter and its state stand at the same place
/// of two buffers, so an update of a block needs one range for both.
public struct ParameterLayout: Sendable, Equatable {
  /// One parameter tensor.
  public struct Entry: Sendable, Equatable {
    /// As PyTorch would name it: `layers.0.weight`.
    public let name: String
    /// The parameter's shape; weights are [outputs, inputs].
    public let shape: Shape
    /// What it does in its layer.
    public let role: ParameterRole
    /// Its first element in the buffer, a multiple of `FloatBuffer.alignment`.
    public let offset: Int

    /// Its elements in the buffer.
    public var range: Range<Int> { offset..<(offset + shape.count) }
  }

  /// The parameters in the order in which they are drawn, layer by layer.
  public private(set) var entries: [Entry] = []
  /// The size of the buffer in elements, gaps between the tensors included.
  public private(set) var bufferCount = 0

  /// How many parameters train: the gaps not included.
  public var parameterCount: Int { entries.map(\.shape.count).reduce(0, +) }

  /// Places one more parameter behind the others.
  ///
  /// - Precondition: its elements fit an `Int`.
  mutating func append(_ declaration: ParameterDeclaration, of layer: String) -> Entry {
    let entry = Entry(
      name: "\(layer).\(declaration.name)", shape: Shape(declaration.sizes),
      role: declaration.role, offset: bufferCount)
    entries.append(entry)
    bufferCount += FloatBuffer.padded(entry.shape.count)
    return entry
  }
}
