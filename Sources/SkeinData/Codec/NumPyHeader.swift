/// The header of a NumPy `.npy` file, versions 1 to 3: magic, version, header length, and a Python
/// dictionary with `descr`, `fortran_order` and `shape`.
///
/// Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
struct NumPyHeader: Sendable, Equatable {
  let stored: StoredType
  let order: ByteOrder
  let shape: [Int]
  /// Whether the first dimension varies fastest, in place of the last one.
  let isFortranOrder: Bool

  /// Longest dictionary that is read; NumPy itself writes some 120 bytes.
  static let longest = 1 << 16

  /// Reads and checks the header where its first four bytes have been read already.
  static func read(magic: [UInt8], from source: any ByteSource) throws -> NumPyHeader {
    let fixed = try magic + source.bytes(4)
    guard fixed.count == 8, fixed.starts(with: FileSignature.numPy) else {
      throw DataError(
        source.name, at: "byte 0", expected: "a NumPy array",
        found: FileSignature.describe(fixed))
    }
    guard (1...3).contains(fixed[6]), fixed[7] == 0 else {
      throw DataError(
        source.name, at: "byte 6", expected: "NumPy format 1.0, 2.0 or 3.0",
        found: "\(fixed[6]).\(fixed[7])")
    }
    var sizes = ByteCursor(try source.bytes(fixed[6] == 1 ? 2 : 4), file: source.name)
    let length =
      fixed[6] == 1
      ? UInt32(try sizes.uint16LittleEndian("header length"))
      : try sizes.uint32LittleEndian("header length")
    guard let count = Int(exactly: length), count <= longest else {
      throw DataError(
        source.name, at: "byte 8", expected: "a header of at most \(longest) bytes",
        found: "\(length) bytes")
    }
    let text = try source.bytes(count)
    var parser = NumPyDictionary(text, file: source.name, endingAt: source.offset)
    let fields = try parser.parse()
    return try check(fields, file: source.name)
  }

  private static func check(_ fields: NumPyDictionary.Fields, file: String) throws -> NumPyHeader {
    guard let descr = fields.descr, let fortran = fields.fortranOrder, let shape = fields.shape
    else {
      throw DataError(
        file, at: "NumPy header", expected: "descr, fortran_order and shape",
        found: "one of them missing")
    }
    guard let (stored, order) = element(descr) else {
      throw DataError(
        file, at: "NumPy header",
        expected: "elements of type bool, float16, uint16, uint32, uint64, int64, "
          + ElementType.list,
        found: "'\(descr)'",
        advice: "convert before saving: array.astype(numpy.float32), labels.astype(numpy.int32)")
    }
    guard shape.allSatisfy({ $0 > 0 }), let count = ArrayShape.product(shape),
      ArrayShape.product([count, 8]) != nil
    else {
      throw DataError(
        file, at: "NumPy header", expected: "dimensions above 0 whose product can be counted",
        found: ArrayShape.text(shape))
    }
    return NumPyHeader(stored: stored, order: order, shape: shape, isFortranOrder: fortran)
  }

  /// `<f4` → (float32, little).
  private static func element(_ descr: String) -> (StoredType, ByteOrder)? {
    let order: ByteOrder
    switch descr.first {
    case "<", "|", "=": order = .little
    case ">": order = .big
    default: return nil
    }
    switch descr.dropFirst() {
    case "u1", "b1": return (.plain(.uint8), order)
    case "i1": return (.plain(.int8), order)
    case "i2": return (.plain(.int16), order)
    case "i4": return (.plain(.int32), order)
    case "i8": return (.int64, order)
    case "u2": return (.uint16, order)
    case "u4": return (.uint32, order)
    case "u8": return (.uint64, order)
    case "f2": return (.float16, order)
    case "f4": return (.plain(.float32), order)
    case "f8": return (.plain(.float64), order)
    default: return nil
    }
  }
}
