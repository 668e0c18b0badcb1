/// Elements of any type as numbers.
enum Numbers {
  /// Calls `body` with the number and value of each element in `bytes`, which are in the machine's
  /// byte order; every value is exact. O(elements).
  static func forEach(
    _ bytes: UnsafeRawBufferPointer, _ type: ElementType, _ body: (Int, Double) throws -> Void
  ) rethrows {
    switch type {
    case .uint8: try each(bytes, UInt8.self, { Double($0) }, body)
    case .int8: try each(bytes, Int8.self, { Double($0) }, body)
    case .int16: try each(bytes, Int16.self, { Double($0) }, body)
    case .int32: try each(bytes, Int32.self, { Double($0) }, body)
    case .float32: try each(bytes, Float.self, { Double($0) }, body)
    case .float64: try each(bytes, Double.self, { $0 }, body)
    }
  }

  private static func each<Element: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ type: Element.Type, _ double: (Element) -> Double,
    _ body: (Int, Double) throws -> Void
  ) rethrows {
    let size = MemoryLayout<Element>.size
    for index in 0..<(bytes.count / size) {
      let element = bytes.loadUnaligned(fromByteOffset: index * size, as: Element.self)
      try body(index, double(element))
    }
  }
}
