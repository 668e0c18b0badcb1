/// Named tensors and texts in one file that other tools read too.
///
/// A file is: 8 bytes, little-endian, the header's length n; n bytes of JSON,
/// `{"__metadata__": {"key": "text"}, "name": {"dtype": "F32", "shape": [2, 3],
/// "data_offsets": [begin, end]}, …}`, filled up with spaces; then the tensors' bytes,
/// little-endian and row by row, without gaps.
///
/// Source: https://github.com/huggingface/safetensors, "Format".
public struct Safetensors: Sendable, Equatable {
  /// One tensor.
  public struct Tensor: Sendable, Equatable {
    /// What other tools find it by, such as `layers.0.weight`; any text but `__metadata__`.
    public var name: String
    /// The sizes of its dimensions; none for a single value.
    public var shape: [Int]
    /// Its values, row by row: as many as the product of `shape`.
    public var values: Values

    /// Nothing is checked: `encode` asks for as many values as the shape has places.
    public init(name: String, shape: [Int], values: Values) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// A tensor's values, in one of the types that a checkpoint needs.
  public enum Values: Sendable, Equatable {
    /// Parameters and velocities; always finite in a decoded file.
    case float32([Float])
    /// Counters.
    case int64([Int64])
    /// Anything else.
    case uint8([UInt8])

    /// How many there are.
    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .int64(let values): values.count
      case .uint8(let values): values.count
      }
    }
  }

  /// The types by their names in the header.
  enum ElementType: String, CaseIterable, Sendable {
    case float32 = "F32"
    case int64 = "I64"
    case uint8 = "U8"

    /// Bytes per value.
    var size: Int {
      switch self {
      case .float32: 4
      case .int64: 8
      case .uint8: 1
      }
    }
  }

  /// The key of `metadata` in the header, which no tensor can have as its name.
  static let metadataKey = "__metadata__"
  /// The longest header in bytes. A checkpoint of 64 layers has 30 KiB.
  package static let maximumHeader = 4 << 20

  /// The tensors in the order in which their bytes lie in the file.
  public var tensors: [Tensor]
  /// Texts by their keys, which `encode` writes in the order of the keys.
  public var metadata: [String: String]

  /// A file's content. Nothing is checked: see `encode`.
  public init(tensors: [Tensor] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The first tensor called `name`. O(tensors).
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }
}
