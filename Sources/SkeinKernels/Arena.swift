import SkeinFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Hands out memory that stays where it is until the arena goes: what a tape's nodes live in.
package final class Arena {
  private static let blockCount = 1 << 16

  private var blocks: [FloatBuffer] = []
  private var used = 0
  private var indexBlocks: [UnsafeMutableBufferPointer<Int32>] = []

  /// How many Floats its blocks hold.
  var floatCount: Int { blocks.map(\.count).reduce(0, +) }

  /// An arena without memory yet.
  package init() {}

  deinit {
    for block in indexBlocks { free(block.baseAddress) }
  }

  /// `count` zeroed Floats, aligned to 64 bytes.
  package func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
    let needed = FloatBuffer.padded(max(count, 1))
    if let block = blocks.last, used + needed <= block.count {
      defer { used += needed }
      return block.base + used
    }
    let block = FloatBuffer(count: max(needed, Self.blockCount))
    blocks.append(block)
    used = needed
    return block.base
  }

  /// `count` zeroed indices.
  package func indices(_ count: Int) -> UnsafeMutableBufferPointer<Int32> {
    let bytes = (max(count, 1) * MemoryLayout<Int32>.stride + 15) & ~15
    guard let memory = aligned_alloc(16, bytes) else { OutOfMemory.end(bytes: bytes) }
    let block = UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Int32.self, capacity: max(count, 1)), count: count)
    block.initialize(repeating: 0)
    indexBlocks.append(block)
    return block
  }
}
