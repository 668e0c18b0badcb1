/// Hands out memory that stays where it is until the arena goes: what a tape's nodes live in.
final class Arena {
  private static let blockCount = 1 << 16

  private var blocks: [FloatBuffer] = []
  private var used = 0
  private var indexBlocks: [UnsafeMutableBufferPointer<Int32>] = []

  /// How many Floats its blocks hold.
  var floatCount: Int { blocks.map(\.count).reduce(0, +) }

  deinit {
    for block in indexBlocks { block.deallocate() }
  }

  /// `count` zeroed Floats, aligned to 64 bytes.
  func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
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
  func indices(_ count: Int) -> UnsafeMutableBufferPointer<Int32> {
    let block = UnsafeMutableBufferPointer<Int32>.allocate(capacity: count)
    block.initialize(repeating: 0)
    indexBlocks.append(block)
    return block
  }
}
