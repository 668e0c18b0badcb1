import SkeinFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fixed run of Floats, zeroed, aligned to 64 bytes: one cache line and one AVX-512 register.
///
/// Parameters and the optimizer's states lie in such buffers, one tensor after the other, each at a
/// multiple of 16 elements. A training step stores no whole gradient.
///
/// `@unchecked Sendable`: address and size never change. Who may use which elements when is a rule
/// of the training step: its first half only reads parameters, and in its second half one worker
/// alone reads and writes each block of parameters and of the optimizer's states.
public final class FloatBuffer: @unchecked Sendable {
  /// The tensors inside a buffer begin at multiples of this many elements.
  public static let alignment = 16

  /// How many Floats there is room for.
  public let count: Int
  /// The first element. It stays where it is as long as the buffer is there.
  package let base: UnsafeMutablePointer<Float>

  /// Zeroed memory for `count` Floats. Ends the process with exit code 4 where there is none.
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

  /// Calls `body` with the elements `range`, to read. Nobody may write them meanwhile.
  ///
  /// - Precondition: `range` lies in 0..<`count`.
  public func withValues<R>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) -> R) -> R {
    check(range)
    return body(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// Calls `body` with the elements `range`, to write. Nobody else may use them meanwhile.
  ///
  /// - Precondition: `range` lies in 0..<`count`.
  public func withMutableValues<R>(
    _ range: Range<Int>, _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    check(range)
    return try body(UnsafeMutableBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// A copy of the elements `range`. O(range).
  ///
  /// - Precondition: `range` lies in 0..<`count`.
  public subscript(range: Range<Int>) -> [Float] {
    get { withValues(range) { Array($0) } }
    set {
      require(newValue.count == range.count, "\(newValue.count) values for \(range.count) places")
      withMutableValues(range) { _ = $0.update(fromContentsOf: newValue) }
    }
  }

  /// Stops the program unless `range` lies in 0..<`count`.
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
