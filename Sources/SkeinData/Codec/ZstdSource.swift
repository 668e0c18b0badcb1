import CZstd
import Glibc
import SkeinFiles

/// The content of zstd data, decompressed as it is asked for.
///
/// The decoder's window is limited to 128 MiB, the most that `zstd` itself makes without
/// `--ultra --long`.
final class ZstdSource: ByteSource {
  /// What a file may consist of.
  enum Content {
    /// One frame and nothing else, as shard files do.
    case oneFrame
    /// What `zstd -dc` reads: any number of frames, and skippable ones, which hold no data.
    case anyFrames
  }

  /// Zstd's largest gain: a block of 128 KiB from 4 bytes. Further frames only lower it.
  static let largestRatio = 1 << 15

  var name: String { compressed.name }
  private(set) var offset = 0
  private let compressed: any ByteSource
  private let content: Content
  private let workspace: ZstdWorkspace
  /// The compressed bytes that were read last.
  private var buffer: UnsafeMutableRawBufferPointer
  /// What of `buffer` the decoder has not seen yet.
  private var pending: Range<Int> = 0..<0
  private var ended = false
  /// Whether the decoder stands behind a whole frame.
  private var isBetweenFrames = false

  /// - Parameter workspace: no other source uses it before this one has been read.
  init(_ compressed: any ByteSource, _ content: Content, in workspace: ZstdWorkspace) {
    self.compressed = compressed
    self.content = content
    self.workspace = workspace
    workspace.reset()
    buffer = workspace.nextBuffer()
  }

  /// With a workspace of its own.
  ///
  /// - Throws: `FileSystemError` where memory does not suffice.
  convenience init(_ compressed: any ByteSource, _ content: Content) throws {
    self.init(compressed, content, in: try ZstdWorkspace(name: compressed.name))
  }

  /// Checks that the frame promises its content size, that the size is `size`, and that it ends in
  /// a checksum, as shard files have to. To be called before the first `read`.
  func requireFrame(contentSize size: Int) throws {
    if pending.isEmpty { try refill() }
    let front = UnsafeRawBufferPointer(rebasing: buffer[pending])
    guard front.starts(with: FileSignature.zstd) else {
      throw DataError(
        name, at: "byte 0", expected: "a zstd frame (bytes 28 b5 2f fd)",
        found: FileSignature.describe(Array(front.prefix(32))))
    }
    let promised = ZSTD_getFrameContentSize(front.baseAddress, front.count)
    guard promised == UInt64(exactly: size) else {
      // The two largest numbers stand for "unknown" and "error".
      let found = promised >= .max - 1 ? "no readable size" : "\(promised) bytes"
      throw DataError(
        name, at: "byte 4", expected: "a frame that holds \(size) bytes", found: found,
        advice: "compress with content size and checksum, as zstd FILE does")
    }
    guard front[4] & 0b100 != 0 else {
      throw DataError(
        name, at: "byte 4", expected: "a frame with a checksum", found: "none",
        advice: "compress with content size and checksum, as zstd FILE does")
    }
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    require(!target.isEmpty, "a read of 0 bytes")
    if ended { return 0 }
    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
    while output.pos == 0 {
      if pending.isEmpty { try refill() }
      if pending.isEmpty && isBetweenFrames {
        ended = true
        return 0
      }
      var input = ZSTD_inBuffer(
        src: buffer.baseAddress, size: pending.upperBound, pos: pending.lowerBound)
      let result = ZSTD_decompressStream(workspace.context, &output, &input)
      let inputEnded = pending.isEmpty
      pending = input.pos..<pending.upperBound
      guard ZSTD_isError(result) == 0 else { throw failure(result) }
      isBetweenFrames = result == 0
      if content == .oneFrame && result == 0 {
        ended = true
        offset += output.pos
        try expectNothingBehind()
        return output.pos
      }
      if inputEnded && output.pos == 0 {
        throw DataError(
          name, at: "byte \(compressed.offset)", expected: "the rest of the zstd frame",
          found: "the end of the file", advice: "the file was cut short; fetch it again")
      }
    }
    offset += output.pos
    return output.pos
  }

  private func refill() throws {
    buffer = workspace.nextBuffer()
    pending = 0..<(try compressed.fill(buffer))
  }

  private func expectNothingBehind() throws {
    let end = compressed.offset - pending.count
    if pending.isEmpty { try refill() }
    guard pending.isEmpty else {
      throw DataError(
        name, at: "byte \(end)", expected: "the end of the file after its one zstd frame",
        found: FileSignature.describe(Array(buffer[pending].prefix(16))))
    }
  }

  private func failure(_ code: Int) -> any Error {
    let position = compressed.offset - pending.count
    if ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation {
      return FileSystemError("decompress", name, code: ENOMEM)
    }
    if ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge {
      return DataError(
        name, at: "byte \(position)", expected: "a window of at most 128 MiB",
        found: "a larger one", advice: "compress again without --ultra or --long")
    }
    return DataError(
      name, at: "near byte \(position)", expected: "a sound zstd frame",
      found: String(cString: ZSTD_getErrorName(code)).lowercased())
  }
}
