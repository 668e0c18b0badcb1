import SkeinFiles

/// A whole array in memory, as an IDX file holds it.
public struct IDXArray: Sendable, Equatable {
  /// The type of the elements.
  public let type: ElementType
  /// The dimensions; the first one counts samples.
  public let shape: [Int]
  /// The elements in the machine's byte order, row-major.
  public let bytes: [UInt8]

  /// The elements as Swift numbers. O(elements).
  ///
  /// - Precondition: `Element` is the number that `type` names.
  public func elements<Element: SampleElement>(as _: Element.Type = Element.self) -> [Element] {
    require(Element.elementType == type, "\(Element.self) out of an array of \(type)")
    return bytes.withUnsafeBytes { raw in
      (0..<(raw.count / type.size)).map {
        raw.loadUnaligned(fromByteOffset: $0 * type.size, as: Element.self)
      }
    }
  }
}

/// The IDX format: arrays of any rank in one of six types, big-endian.
public enum IDX {
  /// The bytes of an IDX file that holds `elements`. O(elements).
  ///
  /// - Precondition: `shape` has at most 255 dimensions, each in 1…2³² − 1, and its product is the
  ///   number of elements.
  public static func encode<Element: SampleElement>(
    _ elements: [Element], shape: [Int]
  ) -> [UInt8] {
    guard let header = IDXHeader(type: Element.elementType, shape: shape),
      header.elementCount == elements.count
    else { misuse("\(elements.count) elements in the shape \(shape)") }
    var payload = elements.withUnsafeBytes { Array($0) }
    payload.withUnsafeMutableBytes { ByteOrder.big.convert($0, elementSize: header.type.size) }
    return header.encoded + payload
  }

  /// The array in the bytes of an IDX file, which `name` names in errors. O(bytes).
  ///
  /// - Throws: `DataError` where the header is wrong or the bytes are not exactly as many as it
  ///   promises.
  public static func decode(_ bytes: [UInt8], name: String) throws -> IDXArray {
    let source = MemorySource(bytes, name: name)
    let header = try IDXHeader.read(from: source)
    guard header.payloadSize == bytes.count - source.offset else {
      throw DataError(
        name, at: "byte \(source.offset)",
        expected: "\(header.payloadSize) bytes for \(ArrayShape.text(header.shape)) \(header.type)",
        found: "\(bytes.count - source.offset)")
    }
    var payload = Array(bytes[source.offset...])
    payload.withUnsafeMutableBytes { ByteOrder.big.convert($0, elementSize: header.type.size) }
    return IDXArray(type: header.type, shape: header.shape, bytes: payload)
  }
}
