import Synchronization

/// Atomic numbers, each so far from the others that no two share a cache line, nor the line that is
/// fetched with it.
///
/// `@unchecked Sendable`: the memory's address never changes, and what lies there is atomic.
final class SpacedAtomics: @unchecked Sendable {
  private static let stride = 128 / MemoryLayout<Atomic<Int>>.stride

  private let memory: UnsafeMutablePointer<Atomic<Int>>
  private let count: Int

  /// `count` > 0 zeros.
  init(count: Int) {
    self.count = count
    memory = UnsafeMutableRawPointer.allocate(
      byteCount: count * Self.stride * MemoryLayout<Atomic<Int>>.stride, alignment: 128
    ).bindMemory(to: Atomic<Int>.self, capacity: count * Self.stride)
    for index in 0..<count { (memory + index * Self.stride).initialize(to: Atomic(0)) }
  }

  deinit {
    for index in 0..<count { (memory + index * Self.stride).deinitialize(count: 1) }
    memory.deallocate()
  }

  /// Number `index`, in 0..<`count`.
  @inline(__always)
  subscript(index: Int) -> UnsafeMutablePointer<Atomic<Int>> { memory + index * Self.stride }
}
