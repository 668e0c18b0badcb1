import CZlib
import Glibc
import SkeinFiles

/// Decompresses DEFLATE data, in a gzip member or bare, from a source of compressed bytes.
final class Inflater {
  /// What stands around the data.
  enum Framing {
    /// gzip's header and trailer; zlib checks length and CRC-32.
    case gzip
    /// Nothing, as in a ZIP archive.
    case none
  }

  /// DEFLATE's largest gain: 258 bytes from 2 bits. Headers and further members only lower it.
  static let largestRatio = 1032

  private let compressed: any ByteSource
  private let format: String
  /// On the heap, since zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>
  private let buffer: UnsafeMutableBufferPointer<UInt8>

  init(_ compressed: any ByteSource, _ framing: Framing) throws {
    self.compressed = compressed
    format = framing == .gzip ? "gzip" : "DEFLATE"
    buffer = .allocate(capacity: 1 << 16)
    buffer.initialize(repeating: 0)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 is the full window, 16 on top asks for gzip framing, below 0 for none.
    let code = inflateInit2_(
      stream, framing == .gzip ? 15 + 16 : -15, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw FileSystemError("decompress", compressed.name, code: ENOMEM) }
  }

  deinit {
    _ = inflateEnd(stream)
    stream.deallocate()
    buffer.deallocate()
  }

  /// Where in the compressed data the decoder stands.
  var position: Int { compressed.offset - Int(stream.pointee.avail_in) }

  /// Writes the next bytes to the front of `target`; returns how many, and whether the data ended
  /// with them. 0 bytes come only at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws -> (count: Int, ended: Bool) {
    let room = UInt32(clamping: target.count)
    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = room
    var ended = false
    while stream.pointee.avail_out == room && !ended {
      guard try nextByte() != nil else {
        throw DataError(
          compressed.name, at: "byte \(compressed.offset)",
          expected: "the rest of the \(format) data", found: "the end of the data",
          advice: "the file was cut short; fetch it again")
      }
      let code = inflate(stream, Z_NO_FLUSH)
      ended = code == Z_STREAM_END
      guard ended || code == Z_OK else {
        let words = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
        throw DataError(
          compressed.name, at: "near byte \(position)", expected: "sound \(format) data",
          found: words)
      }
    }
    return (Int(room - stream.pointee.avail_out), ended)
  }

  /// Makes ready for another member behind one that has ended.
  func beginAgain() {
    _ = inflateReset(stream)
  }

  /// The next compressed byte, which stays where it is; nil at the end.
  func nextByte() throws -> UInt8? {
    if stream.pointee.avail_in == 0 {
      let count = try compressed.fill(UnsafeMutableRawBufferPointer(buffer))
      stream.pointee.next_in = buffer.baseAddress
      stream.pointee.avail_in = UInt32(clamping: count)
    }
    return stream.pointee.avail_in == 0 ? nil : stream.pointee.next_in.pointee
  }

  /// Passes over the byte that `nextByte` gave.
  func skipByte() {
    require(stream.pointee.avail_in > 0, "no byte to pass over")
    stream.pointee.next_in += 1
    stream.pointee.avail_in -= 1
  }
}
