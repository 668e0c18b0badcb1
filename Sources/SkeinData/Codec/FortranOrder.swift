import SkeinFiles

/// Turns an array whose first dimension varies fastest into one whose last dimension does, element
/// by element in the order of the file.
struct FortranOrder {
  private let shape: [Int]
  /// How far apart, in elements, neighbours along each dimension lie in C order.
  private let strides: [Int]
  private let elementSize: Int
  /// The next element's place along each dimension, and its number in C order.
  private var indices: [Int]
  private var target = 0

  /// - Precondition: no dimension is below 1, and the product of all of them can be counted.
  init(shape: [Int], elementSize: Int) {
    self.shape = shape
    self.elementSize = elementSize
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    self.strides = strides
    indices = [Int](repeating: 0, count: shape.count)
  }

  /// Writes the next elements, `bytes`, to their places in `array`. O(elements).
  mutating func place(_ bytes: UnsafeRawBufferPointer, in array: UnsafeMutableRawBufferPointer) {
    switch elementSize {
    case 1: place(bytes, as: UInt8.self, in: array)
    case 2: place(bytes, as: UInt16.self, in: array)
    case 4: place(bytes, as: UInt32.self, in: array)
    case 8: place(bytes, as: UInt64.self, in: array)
    default: misuse("no element takes \(elementSize) bytes")
    }
  }

  private mutating func place<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, as type: Word.Type, in array: UnsafeMutableRawBufferPointer
  ) {
    for offset in stride(from: 0, to: bytes.count, by: elementSize) {
      array.storeBytes(
        of: bytes.loadUnaligned(fromByteOffset: offset, as: Word.self),
        toByteOffset: target * elementSize, as: Word.self)
      advance()
    }
  }

  private mutating func advance() {
    for axis in shape.indices {
      indices[axis] += 1
      target += strides[axis]
      if indices[axis] < shape[axis] { return }
      target -= strides[axis] * shape[axis]
      indices[axis] = 0
    }
  }
}
