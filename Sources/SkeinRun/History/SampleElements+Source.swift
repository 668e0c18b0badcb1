import SkeinData
import SkeinRecord
import SkeinSafetensors

extension SampleElements {
  /// Reads the samples `rows` of `source`, one after the other. Elements that are not finite become
  /// 0.
  ///
  /// - Throws: what the source throws.
  init(_ rows: [Int], of source: any SampleSource) throws {
    let values = try rows.flatMap { try source.stored($0) }
    guard source.elementType == .uint8 else {
      self = .floats(values.map { $0.isFinite ? $0 : 0 })
      return
    }
    self = .bytes(values.map { UInt8($0) })
  }

  /// The elements as a file holds them.
  var tensorValues: Safetensors.Values {
    switch self {
    case .bytes(let bytes): .uint8(bytes)
    case .floats(let floats): .float32(floats)
    }
  }

  /// The elements that a file holds; nil for a type that samples do not have there.
  init?(_ values: Safetensors.Values) {
    switch values {
    case .uint8(let bytes): self = .bytes(bytes)
    case .float32(let floats): self = .floats(floats)
    case .int64: return nil
    }
  }
}
