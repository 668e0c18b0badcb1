/// Elements of samples as their dataset stores them: bytes as bytes, anything else as Floats.
public enum SampleElements: Sendable, Equatable {
  /// Of a dataset of bytes, such as the pixels of images.
  case bytes([UInt8])
  /// Of a dataset of any other type.
  case floats([Float])

  /// How many elements there are.
  public var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): floats.count
    }
  }

  /// All elements as Floats. O(elements).
  public var floats: [Float] {
    switch self {
    case .bytes(let bytes): bytes.map(Float.init)
    case .floats(let floats): floats
    }
  }

  /// Elements `range`, counted from 0. O(elements in it).
  public subscript(range: Range<Int>) -> SampleElements {
    switch self {
    case .bytes(let bytes): .bytes(Array(bytes[range]))
    case .floats(let floats): .floats(Array(floats[range]))
    }
  }
}
