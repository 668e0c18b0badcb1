import CZlib
import Glibc

/// The content of one gzip member, decompressed as it is asked for.
///
/// Exactly one member, ended, with nothing behind it; zlib checks its length and CRC-32.
final class GzipSource: ByteSource {
  var name: String { compressed.name }
  private(set) var offset = 0
  private let compressed: any ByteSource
  /// On the heap, since zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  private var ended = false

  /// DEFLATE's largest gain: 258 bytes from 2 bits.
  static let largestRatio = 1032

  init(_ compressed: any ByteSource) throws {
    self.compressed = compressed
    buffer = .allocate(capacity: 1 << 16)
    buffer.initialize(repeating: 0)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 is the full window, 16 on top asks for gzip framing.
    let code = inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw FileSystemError("decompress", compressed.name, code: ENOMEM) }
  }

  deinit {
    _ = inflateEnd(stream)
    stream.deallocate()
    buffer.deallocate()
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    precondition(!target.isEmpty, "a read of 0 bytes")
    if ended { return 0 }
    let room = UInt32(clamping: target.count)
    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = room
    while stream.pointee.avail_out == room {
      if stream.pointee.avail_in == 0 { try refill() }
      guard stream.pointee.avail_in > 0 else {
        throw DataError(
          name, at: "byte \(compressed.offset)", expected: "the rest of the gzip data",
          found: "the end of the file", advice: "the file was cut short; fetch it again")
      }
      let code = inflate(stream, Z_NO_FLUSH)
      if code == Z_STREAM_END {
        ended = true
        try expectNothingBehind()
        break
      }
      guard code == Z_OK else {
        let words = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
        throw DataError(
          name, at: "near byte \(position)", expected: "sound gzip data", found: words)
      }
    }
    let count = Int(room - stream.pointee.avail_out)
    offset += count
    return count
  }

  /// Where in the file the decoder stands.
  private var position: Int { compressed.offset - Int(stream.pointee.avail_in) }

  private func refill() throws {
    let count = try compressed.fill(UnsafeMutableRawBufferPointer(buffer))
    stream.pointee.next_in = buffer.baseAddress
    stream.pointee.avail_in = UInt32(clamping: count)
  }

  private func expectNothingBehind() throws {
    let end = position
    if stream.pointee.avail_in == 0 { try refill() }
    guard stream.pointee.avail_in == 0 else {
      throw DataError(
        name, at: "byte \(end)", expected: "the end of the file after its one gzip member",
        found: "more bytes", advice: "pack it again as one: gunzip, then gzip")
    }
  }
}
