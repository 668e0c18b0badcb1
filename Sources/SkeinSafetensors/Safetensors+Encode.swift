import SkeinFiles

extension Safetensors {
  /// A tensor whose values are part of an array, which is not copied.
  package struct View: Sendable {
    let name: String
    let shape: [Int]
    let values: Values

    /// Its values, in the types of `Safetensors.Values`.
    package enum Values: Sendable {
      case float32(ArraySlice<Float>)
      case int64(ArraySlice<Int64>)
      case uint8(ArraySlice<UInt8>)

      var count: Int {
        switch self {
        case .float32(let values): values.count
        case .int64(let values): values.count
        case .uint8(let values): values.count
        }
      }

      var type: ElementType {
        switch self {
        case .float32: .float32
        case .int64: .int64
        case .uint8: .uint8
        }
      }
    }

    /// Nothing is checked: `encode` asks for as many values as the shape has places.
    package init(name: String, shape: [Int], values: Values) {
      self.name = name
      self.shape = shape
      self.values = values
    }

    init(_ tensor: Tensor) {
      name = tensor.name
      shape = tensor.shape
      values =
        switch tensor.values {
        case .float32(let values): .float32(values[...])
        case .int64(let values): .int64(values[...])
        case .uint8(let values): .uint8(values[...])
        }
    }
  }

  /// The file's bytes: the same for equal tensors in the same order, whatever the order in which
  /// `metadata` was filled. The tensors' bytes begin at a multiple of 64.
  ///
  /// - Precondition: every shape's product is its number of values; names differ, and none is
  ///   `__metadata__`.
  /// - Complexity: O(bytes).
  public func encode() -> [UInt8] { Self.encode(tensors.map(View.init), metadata: metadata) }

  /// The same for tensors that lie elsewhere. No other memory is taken than that of the result.
  package static func encode(_ tensors: [View], metadata: [String: String]) -> [UInt8] {
    let (header, size) = header(tensors, metadata)
    let padding = (64 - (8 + header.utf8.count) % 64) % 64
    let length = UInt64(header.utf8.count + padding)
    let count = 8 + Int(length) + size
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      bytes.storeBytes(of: length.littleEndian, as: UInt64.self)
      bytes[8...].copyBytes(from: header.utf8)
      var place = 8 + header.utf8.count
      bytes[place..<(place + padding)].copyBytes(
        from: repeatElement(UInt8(ascii: " "), count: padding))
      place += padding
      for tensor in tensors {
        switch tensor.values {
        case .float32(let values):
          store(values, into: bytes, at: &place) { $0.bitPattern.littleEndian }
        case .int64(let values): store(values, into: bytes, at: &place) { $0.littleEndian }
        case .uint8(let values): store(values, into: bytes, at: &place) { $0 }
        }
      }
      initialized = place
    }
  }

  /// Writes the `bits` of each value from `place` on, and moves that behind them.
  private static func store<Value, Bits: BitwiseCopyable>(
    _ values: ArraySlice<Value>, into bytes: UnsafeMutableRawBufferPointer, at place: inout Int,
    _ bits: (Value) -> Bits
  ) {
    values.withUnsafeBufferPointer { values in
      for value in values {
        bytes.storeBytes(of: bits(value), toByteOffset: place, as: Bits.self)
        place += MemoryLayout<Bits>.size
      }
    }
  }

  /// The header's JSON, without what fills it up, and how many bytes the tensors have.
  private static func header(
    _ tensors: [View], _ metadata: [String: String]
  ) -> (text: String, size: Int) {
    var names: Set<String> = [metadataKey]
    var header = "{"
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      header += "\"\(metadataKey)\":{\(pairs.joined(separator: ","))}"
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
      header += "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.values.type.rawValue)\","
      header += "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    return (header + "}", offset)
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
