import SkeinFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fixed block of Floats, zeroed, aligned to 64 bytes: one cache line and one AVX-512 register.
///
/// Parameters, gradients and optimizer state live in such blocks, one tensor after the other, each
/// at a multiple of 16 elements.
///
/// `@unchecked Sendable`: the block itself is immutable (address, size). Who may touch which range
/// when is the training step's contract: parameters are written only between barriers, and every
/// gradient block has one owner.
public final class FloatBuffer: @unchecked Sendable {
  /// The tensors inside a block begin at multiples of this many elements.
  public static let alignment = 16

  public let count: Int
  package let base: UnsafeMutablePointer<Float>

  /// Without the memory for it the process ends with exit code 4.
  ///
  /// - Precondition: `count ≥ 0`.
  public init(count: Int) {
    require(count >= 0, "a buffer of \(count) elements")
    let bytes = (max(count, 1) * MemoryLayout<Float>.stride + 63) & ~63
    guard let memory = aligned_alloc(64, bytes) else { OutOfMemory.end(bytes: bytes) }
    base = memory.initializeMemory(as: Float.self, repeating: 0, count: max(count, 1))
    self.count = count
  }

  deinit { free(base) }

  /// Elements `range`, to read.
  public func withValues<R>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) -> R) -> R {
    check(range)
    return body(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// Elements `range`, to write. The caller sees to it that nobody else uses them meanwhile.
  public func withMutableValues<R>(
    _ range: Range<Int>, _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    check(range)
    return try body(UnsafeMutableBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// A copy of elements `range`.
  public subscript(range: Range<Int>) -> [Float] {
    get { withValues(range) { Array($0) } }
    set {
      require(newValue.count == range.count, "\(newValue.count) values for \(range.count) places")
      withMutableValues(range) { _ = $0.update(fromContentsOf: newValue) }
    }
  }

  package func check(_ range: Range<Int>) {
    require(
      range.lowerBound >= 0 && range.upperBound <= count,
      "elements \(range) of a buffer of \(count)")
  }

  /// `count` rounded up to the next place where a tensor may begin.
  public static func padded(_ count: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }
}
