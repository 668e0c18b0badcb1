import SkeinFiles

extension Safetensors {
  /// Reads a file's bytes; `file` is its name for messages.
  ///
  /// Everything is checked before the first tensor is made: the header's length and its JSON, the
  /// types, each shape against its offsets, and that the offsets cover the file's bytes without
  /// gaps or overlaps. A flipped bit in a tensor's bytes may pass: that is for a hash to find.
  /// - Throws: `FormatError` at the first thing that is wrong, a float that is not finite among
  ///   them.
  /// - Complexity: O(bytes).
  public static func decode(
    _ bytes: [UInt8], file: String
  ) throws(FormatError) -> Safetensors {
    guard bytes.count >= 8 else {
      throw FormatError(
        file: file, what: "header", expected: "8 bytes with its length",
        found: "a file of \(bytes.count) bytes", advice: "it is cut off, or no safetensors file")
    }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let available = min(bytes.count - 8, maximumHeader)
    guard let length = Int(exactly: length), length <= available else {
      throw FormatError(
        file: file, what: "header's length, byte 0", expected: "at most \(available)",
        found: "\(length)", advice: "it is cut off, or no safetensors file")
    }
    let start = 8 + length
    var parser = SafetensorsHeaderParser(bytes: bytes[8..<start], file: file)
    let header = try parser.parse()
    let entries = header.entries.sorted {
      ($0.offsets.lowerBound, $0.offsets.upperBound)
        < ($1.offsets.lowerBound, $1.offsets.upperBound)
    }
    let payload = bytes.count - start
    var end = 0
    for entry in entries {
      guard entry.offsets.lowerBound == end, entry.offsets.upperBound <= payload else {
        throw FormatError(
          file: file, what: "tensor '\(entry.name)'",
          expected: "bytes from \(end) to at most \(payload), without gap or overlap",
          found: "\(entry.offsets.lowerBound) to \(entry.offsets.upperBound)",
          advice: entry.offsets.upperBound > payload ? "the file is cut off" : nil)
      }
      end = entry.offsets.upperBound
    }
    guard end == payload else {
      throw FormatError(
        file: file, what: "end of the file", expected: "\(end) bytes of tensors",
        found: "\(payload)")
    }
    var tensors: [Tensor] = []
    for entry in entries {
      let slice = bytes[start + entry.offsets.lowerBound..<start + entry.offsets.upperBound]
      tensors.append(
        Tensor(name: entry.name, shape: entry.shape, values: try values(entry, slice, file)))
    }
    return Safetensors(tensors: tensors, metadata: header.metadata)
  }

  /// The values in a tensor's `bytes`, as many as fit into them.
  private static func values(
    _ entry: SafetensorsHeader.Entry, _ bytes: ArraySlice<UInt8>, _ file: String
  ) throws(FormatError) -> Values {
    switch entry.type {
    case .uint8:
      return .uint8(Array(bytes))
    case .int64:
      return .int64(integers(bytes).map(Int64.init(littleEndian:)))
    case .float32:
      let values = integers(bytes).map { Float(bitPattern: UInt32(littleEndian: $0)) }
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        throw FormatError(
          file: file, what: "tensor '\(entry.name)', value \(index)", expected: "finite numbers",
          found: "\(values[index])", advice: "use an older checkpoint")
      }
      return .float32(values)
    }
  }

  /// The whole integers in `bytes`, at any alignment, in the file's byte order.
  private static func integers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: ArraySlice<UInt8>
  ) -> [Value] {
    let size = MemoryLayout<Value>.size
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / size).map {
        bytes.loadUnaligned(fromByteOffset: $0 * size, as: Value.self)
      }
    }
  }
}
