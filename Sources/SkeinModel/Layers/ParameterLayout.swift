import SkeinAutograd
import SkeinFiles
import SkeinKernels

/// Where each parameter of a network stands in one flat buffer.
///
/// The optimizer's states have the same layout: a parameter and its state stand at the same place
/// of two buffers, so an update of a block needs one range for both.
public struct ParameterLayout: Sendable, Equatable {
  /// One parameter tensor.
  public struct Entry: Sendable, Equatable {
    /// As PyTorch would name it: `layers.0.weight`. No two parameters have one name.
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
  /// It is named after its block, as in `layers.0.slope`. Where another layer of the block has that
  /// name, the layer's number in the block makes it another one: `layers.0.2.slope`.
  ///
  /// - Parameters:
  ///   - block: the block's name.
  ///   - number: the layer's place in the block, from 0.
  /// - Precondition: its elements fit an `Int`, and neither name is taken.
  mutating func append(
    _ declaration: ParameterDeclaration, of block: String, _ number: Int
  ) -> Entry {
    var name = "\(block).\(declaration.name)"
    if isTaken(name, in: block) { name = "\(block).\(number).\(declaration.name)" }
    require(!isTaken(name, in: block), "two parameters of the name \(name)")
    let entry = Entry(
      name: name, shape: Shape(declaration.sizes), role: declaration.role, offset: bufferCount)
    entries.append(entry)
    bufferCount += FloatBuffer.padded(entry.shape.count)
    return entry
  }

  /// Whether `block`, whose parameters come last, has one of that name. O(parameters of the block).
  private func isTaken(_ name: String, in block: String) -> Bool {
    entries.reversed().prefix { $0.name.hasPrefix(block + ".") }.contains { $0.name == name }
  }
}
