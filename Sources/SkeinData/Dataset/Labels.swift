import SkeinFiles

/// Labels in their stored types.
enum Labels {
  /// Calls `body` with the number and value of each label in `bytes`, which are in the machine's
  /// byte order. O(labels).
  ///
  /// - Precondition: `type` is an integer type.
  static func forEach(
    _ bytes: UnsafeRawBufferPointer, _ type: ElementType, _ body: (Int, Int32) -> Void
  ) {
    switch type {
    case .uint8: each(bytes, UInt8.self, body)
    case .int8: each(bytes, Int8.self, body)
    case .int16: each(bytes, Int16.self, body)
    case .int32: each(bytes, Int32.self, body)
    case .float32, .float64: misuse("labels of type \(type)")
    }
  }

  private static func each<Element: BinaryInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ type: Element.Type, _ body: (Int, Int32) -> Void
  ) {
    let size = MemoryLayout<Element>.size
    for index in 0..<(bytes.count / size) {
      let label = bytes.loadUnaligned(fromByteOffset: index * size, as: Element.self)
      body(index, Int32(clamping: label))
    }
  }

  /// The smallest type that `classCount` labels fit.
  static func type(for classCount: Int) -> ElementType {
    classCount <= 256 ? .uint8 : classCount <= 32768 ? .int16 : .int32
  }
}

extension Labels {
  /// Writes `label` as element `index` of `bytes`, in the machine's byte order.
  ///
  /// - Precondition: `type` is an integer type that holds `label`.
  static func store(
    _ label: Int32, as type: ElementType, in bytes: UnsafeMutableRawBufferPointer, at index: Int
  ) {
    switch type {
    case .uint8: bytes.storeBytes(of: UInt8(label), toByteOffset: index, as: UInt8.self)
    case .int8: bytes.storeBytes(of: Int8(label), toByteOffset: index, as: Int8.self)
    case .int16: bytes.storeBytes(of: Int16(label), toByteOffset: 2 * index, as: Int16.self)
    case .int32: bytes.storeBytes(of: label, toByteOffset: 4 * index, as: Int32.self)
    case .float32, .float64: misuse("labels of type \(type)")
    }
  }
}
