import SkeinFiles

/// The header of an IDX file: two zero bytes, the element type, the rank, and each dimension as a
/// big-endian 32-bit number; the elements follow, big-endian, row-major.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats".
public struct IDXHeader: Sendable, Equatable {
  /// The type of the elements.
  public let type: ElementType
  /// The dimensions, each in 1…2³² − 1; the first one counts samples.
  public let shape: [Int]
  /// The number of elements.
  public let elementCount: Int
  /// The number of bytes that the elements take.
  public let payloadSize: Int

  /// The bytes of the header itself: 4 and 4 per dimension.
  public var size: Int { 4 + 4 * shape.count }

  /// A header for `shape`; nil where IDX cannot say it: more than 255 dimensions, a dimension of 0
  /// or beyond 2³² − 1, or more bytes in all than an `Int` counts.
  public init?(type: ElementType, shape: [Int]) {
    guard shape.count <= 255, shape.allSatisfy({ $0 > 0 && UInt32(exactly: $0) != nil }),
      let count = ArrayShape.product(shape),
      let payload = ArrayShape.product([count, type.size]),
      ArrayShape.sum(payload, 4 + 4 * shape.count) != nil
    else { return nil }
    self.type = type
    self.shape = shape
    elementCount = count
    payloadSize = payload
  }

  /// The header's bytes.
  public var encoded: [UInt8] {
    // Both conversions are exact: `init` saw to the ranges.
    var bytes: [UInt8] = [0, 0, type.idxCode, UInt8(clamping: shape.count)]
    for dimension in shape {
      withUnsafeBytes(of: UInt32(clamping: dimension).bigEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// Reads and checks the header at the front of `source`.
  static func read(from source: any ByteSource) throws -> IDXHeader {
    try read(magic: source.bytes(4), from: source)
  }

  /// The same where the first four bytes have been read already.
  static func read(magic: [UInt8], from source: any ByteSource) throws -> IDXHeader {
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else {
      let seen = try magic + (magic.count == 4 ? source.bytes(28) : [])
      throw DataError(
        source.name, at: "byte 0", expected: "an IDX file (bytes 00 00, type, rank)",
        found: FileSignature.describe(seen), advice: FileSignature.advice(seen))
    }
    guard let type = ElementType(idxCode: magic[2]) else {
      throw DataError(
        source.name, at: "byte 2", expected: "an IDX type: 08, 09, 0B, 0C, 0D or 0E",
        found: [magic[2]].hexadecimal)
    }
    let rank = Int(magic[3])
    var cursor = ByteCursor(try source.bytes(4 * rank), file: source.name)
    var shape: [Int] = []
    for index in 0..<rank {
      let dimension = try cursor.uint32BigEndian("dimension \(index) of \(rank)")
      guard dimension > 0, let value = Int(exactly: dimension) else {
        throw DataError(
          source.name, at: "byte \(4 + 4 * index)", expected: "dimension \(index) above 0",
          found: "\(dimension)")
      }
      shape.append(value)
    }
    guard let header = IDXHeader(type: type, shape: shape) else {
      throw DataError(
        source.name, at: "byte 4", expected: "dimensions whose product can be counted",
        found: ArrayShape.text(shape))
    }
    return header
  }
}
