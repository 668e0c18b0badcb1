import SkeinFiles

extension Safetensors {
  /// The file's bytes: the same for equal tensors in the same order, whatever the order in which
  /// `metadata` was filled. The tensors' bytes begin at a multiple of 64.
  ///
  /// - Precondition: every shape's product is its number of values; names differ, and none is
  ///   `__metadata__`.
  /// - Complexity: O(bytes).
  public func encode() -> [UInt8] {
    var names: Set<String> = [Self.metadataKey]
    var header = "{"
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      header += "\"\(Self.metadataKey)\":{\(pairs.joined(separator: ","))}"
    }
    var offset = 0
    for tensor in tensors {
      require(names.insert(tensor.name).inserted, "tensor name '\(tensor.name)' is taken")
      require(
        tensor.shape.allSatisfy { $0 >= 0 } && tensor.shape.reduce(1, *) == tensor.values.count,
        "tensor '\(tensor.name)' of shape \(tensor.shape) has \(tensor.values.count) values")
      let end = offset + tensor.values.count * tensor.values.type.size
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      if header.utf8.count > 1 { header += "," }
      header += "\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.values.type.rawValue)\","
      header += "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    header += "}"
    let padding = (64 - (8 + header.utf8.count) % 64) % 64
    let length = UInt64(header.utf8.count + padding)

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.utf8.count + padding + offset)
    withUnsafeBytes(of: length.littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header.utf8)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
    for tensor in tensors {
      switch tensor.values {
      case .float32(let values):
        values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { bytes.append(contentsOf: $0) }
      case .int64(let values):
        values.map { $0.littleEndian }.withUnsafeBytes { bytes.append(contentsOf: $0) }
      case .uint8(let values):
        bytes.append(contentsOf: values)
      }
    }
    return bytes
  }

  /// `text` as a JSON string.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "\0"..<" ", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
