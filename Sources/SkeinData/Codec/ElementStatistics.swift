/// The range of elements, gathered piece by piece.
public struct ElementStatistics: Sendable, Equatable, Codable {
  /// The least finite element; nil where there is none.
  public private(set) var minimum: Double?
  /// The greatest finite element; nil where there is none.
  public private(set) var maximum: Double?
  /// How many elements are NaN or infinite.
  public private(set) var nonFinite = 0

  init() {}

  /// Takes in the elements in `bytes`, which are in the machine's byte order. O(elements).
  mutating func add(_ bytes: UnsafeRawBufferPointer, _ type: ElementType) {
    switch type {
    case .uint8: add(bytes, UInt8.self) { Double($0) }
    case .int8: add(bytes, Int8.self) { Double($0) }
    case .int16: add(bytes, Int16.self) { Double($0) }
    case .int32: add(bytes, Int32.self) { Double($0) }
    case .float32: add(bytes, Float.self) { Double($0) }
    case .float64: add(bytes, Double.self) { $0 }
    }
  }

  private mutating func add<Element: SampleElement>(
    _ bytes: UnsafeRawBufferPointer, _ type: Element.Type, _ double: (Element) -> Double
  ) {
    let size = MemoryLayout<Element>.size
    var least: Element?
    var greatest: Element?
    for offset in stride(from: 0, to: bytes.count, by: size) {
      let element = bytes.loadUnaligned(fromByteOffset: offset, as: Element.self)
      guard double(element).isFinite else {
        nonFinite += 1
        continue
      }
      least = min(least ?? element, element)
      greatest = max(greatest ?? element, element)
    }
    if let least { minimum = min(minimum ?? .infinity, double(least)) }
    if let greatest { maximum = max(maximum ?? -.infinity, double(greatest)) }
  }

  /// `0…255`, with a word about elements that are no numbers.
  var text: String {
    var text = "none"
    if let minimum, let maximum { text = "\(Self.short(minimum))…\(Self.short(maximum))" }
    return nonFinite == 0 ? text : text + ", \(nonFinite) NaN or infinite"
  }

  private static func short(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(Float(value))"
  }
}
