import SkeinFiles

/// A type that elements have in a file. Beside those that datasets know there are NumPy's others,
/// which become the nearest of them on their way: exactly, or not at all.
enum StoredType: Sendable, Equatable {
  case plain(ElementType)
  /// NumPy's float16 becomes float32.
  case float16
  /// These become int32.
  case uint16, uint32, uint64, int64

  /// What the elements become.
  var type: ElementType {
    switch self {
    case .plain(let type): type
    case .float16: .float32
    case .uint16, .uint32, .uint64, .int64: .int32
    }
  }

  /// Bytes per element in the file.
  var size: Int {
    switch self {
    case .plain(let type): type.size
    case .float16, .uint16: 2
    case .uint32: 4
    case .uint64, .int64: 8
    }
  }

  /// Converts all elements of `source`, which are in the machine's byte order, into `target`.
  ///
  /// - Returns: the number and value of the first element that int32 cannot hold; nil where there
  ///   is none.
  /// - Precondition: the type is not `plain`, and `target` has room for as many elements.
  func convert(
    _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) -> (index: Int, value: String)? {
    switch self {
    case .plain: misuse("elements of type \(type) stay as they are")
    case .float16:
      for index in 0..<(source.count / 2) {
        let bits = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        target.storeBytes(of: Float(half: bits), toByteOffset: 4 * index, as: Float.self)
      }
      return nil
    case .uint16: return Self.narrow(source, UInt16.self, to: target)
    case .uint32: return Self.narrow(source, UInt32.self, to: target)
    case .uint64: return Self.narrow(source, UInt64.self, to: target)
    case .int64: return Self.narrow(source, Int64.self, to: target)
    }
  }

  private static func narrow<Wide: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ type: Wide.Type, to target: UnsafeMutableRawBufferPointer
  ) -> (index: Int, value: String)? {
    let size = MemoryLayout<Wide>.size
    for index in 0..<(source.count / size) {
      let value = source.loadUnaligned(fromByteOffset: size * index, as: Wide.self)
      guard let narrow = Int32(exactly: value) else { return (index, "\(value)") }
      target.storeBytes(of: narrow, toByteOffset: 4 * index, as: Int32.self)
    }
    return nil
  }
}

extension Float {
  /// The number that the bits of an IEEE 754 binary16 mean; every one of them is exact in Float.
  init(half bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      // Zero or subnormal: fraction · 2⁻²⁴.
      let magnitude = Float(fraction) * 0x1p-24
      self = sign == 0 ? magnitude : -magnitude
    case 0x1F: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 127 - 15) << 23 | fraction << 13)
    }
  }
}
