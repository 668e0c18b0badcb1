/// Elements of samples as their dataset stores them: bytes as bytes, anything else as Floats.
public enum SampleElements: Sendable, Equatable {
  case bytes([UInt8])
  case floats([Float])

  /// How many elements there are.
  public var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): floats.count
    }
  }

  /// All elements as Floats.
  public var floats: [Float] {
    switch self {
    case .bytes(let bytes): bytes.map(Float.init)
    case .floats(let floats): floats
    }
  }

  /// Elements `range`.
  public subscript(range: Range<Int>) -> SampleElements {
    switch self {
    case .bytes(let bytes): .bytes(Array(bytes[range]))
    case .floats(let floats): .floats(Array(floats[range]))
    }
  }
}
