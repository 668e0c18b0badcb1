import SkeinAutograd
import SkeinKernels

/// Where each parameter of a model stands in one flat buffer.
///
/// Parameters and the optimizer's state share the layout, so updating is one loop over Floats,
/// whatever the model looks like.
public struct ParameterLayout: Sendable, Equatable {
  /// One parameter tensor.
  public struct Entry: Sendable, Equatable {
    /// As PyTorch would name it: `layers.0.weight`.
    public let name: String
    public let shape: Shape
    /// Its first element in the buffer, a multiple of `FloatBuffer.alignment`.
    public let offset: Int

    /// Its elements in the buffer.
    public var range: Range<Int> { offset..<(offset + shape.count) }
  }

  public private(set) var entries: [Entry] = []
  /// The size of the buffer in elements, gaps between the tensors included.
  public private(set) var bufferCount = 0

  /// How many parameters train: the gaps not included.
  public var parameterCount: Int { entries.map(\.shape.count).reduce(0, +) }

  mutating func append(_ name: String, _ shape: Shape) -> Entry {
    let entry = Entry(name: name, shape: shape, offset: bufferCount)
    entries.append(entry)
    bufferCount += FloatBuffer.padded(shape.count)
    return entry
  }
}
