/// The six element types of IDX files, under the names that `dataset.json` gives them.
public enum ElementType: String, Codable, Sendable, CaseIterable {
  /// Integers with and without a sign, and floating-point numbers, with their size in bits.
  case uint8, int8, int16, int32, float32, float64

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .uint8, .int8: return 1
    case .int16: return 2
    case .int32, .float32: return 4
    case .float64: return 8
    }
  }

  /// The third byte of an IDX file.
  var idxCode: UInt8 {
    switch self {
    case .uint8: return 0x08
    case .int8: return 0x09
    case .int16: return 0x0B
    case .int32: return 0x0C
    case .float32: return 0x0D
    case .float64: return 0x0E
    }
  }

  init?(idxCode: UInt8) {
    guard let type = Self.allCases.first(where: { $0.idxCode == idxCode }) else { return nil }
    self = type
  }

  /// Whether labels can be of this type.
  package var isInteger: Bool { self != .float32 && self != .float64 }

  /// All names, for messages.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Reads the name.
  ///
  /// - Throws: `DecodingError` for a name that no element type has.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let type = ElementType(rawValue: text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "expected one of \(Self.list), found \"\(text)\""))
    }
    self = type
  }
}

/// A Swift number that samples can be stored as.
public protocol SampleElement: BitwiseCopyable, Sendable, Comparable {
  /// The stored type that this number is.
  static var elementType: ElementType { get }
  /// The nearest `Float`.
  var floatValue: Float { get }
}

extension UInt8: SampleElement {
  /// `uint8`.
  public static var elementType: ElementType { .uint8 }
  /// Exact.
  public var floatValue: Float { Float(self) }
}

extension Int8: SampleElement {
  /// `int8`.
  public static var elementType: ElementType { .int8 }
  /// Exact.
  public var floatValue: Float { Float(self) }
}

extension Int16: SampleElement {
  /// `int16`.
  public static var elementType: ElementType { .int16 }
  /// Exact.
  public var floatValue: Float { Float(self) }
}

extension Int32: SampleElement {
  /// `int32`.
  public static var elementType: ElementType { .int32 }
  /// Exact up to ±2²⁴, rounded to the nearest beyond.
  public var floatValue: Float { Float(self) }
}

extension Float: SampleElement {
  /// `float32`.
  public static var elementType: ElementType { .float32 }
  /// The number itself.
  public var floatValue: Float { self }
}

extension Double: SampleElement {
  /// `float64`.
  public static var elementType: ElementType { .float64 }
  /// Rounded to the nearest; infinite where it is too large for a Float.
  public var floatValue: Float { Float(self) }
}
