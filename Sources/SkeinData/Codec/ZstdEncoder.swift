import CZstd
import Glibc
import SkeinFiles

/// Compresses into one zstd frame with content size and checksum.
enum ZstdEncoder {
  /// The levels that a dataset can be written with. Beyond 19 zstd wants windows that readers with
  /// little memory refuse.
  static let levels = 1...19

  /// Window of 2 MiB: it bounds the memory of the encoder (some 40 MB at level 19) and of every
  /// decoder, and samples hardly gain from a larger one.
  private static let windowLog: Int32 = 21

  /// How many bytes are compressed between two reports: a tenth of a second at level 19.
  private static let piece = 1 << 17

  /// The frame that holds `content`. The same content, level and library give the same bytes.
  ///
  /// - Parameter report: gets the number of bytes that are compressed, every 128 KiB; what it
  ///   throws ends the work.
  /// - Precondition: `level` is in `levels`.
  /// - Throws: `FileSystemError` where memory does not suffice; `name` is the file to be.
  static func compress(
    _ content: UnsafeRawBufferPointer, level: Int, name: String,
    report: (Int) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    require(levels.contains(level), "zstd level \(level), not in \(levels)")
    guard let context = ZSTD_createCCtx() else {
      throw FileSystemError("compress", name, code: ENOMEM)
    }
    defer { _ = ZSTD_freeCCtx(context) }
    for (parameter, value) in [
      (ZSTD_c_compressionLevel, Int32(clamping: level)), (ZSTD_c_windowLog, windowLog),
      (ZSTD_c_checksumFlag, 1), (ZSTD_c_contentSizeFlag, 1),
    ] {
      let result = ZSTD_CCtx_setParameter(context, parameter, value)
      require(ZSTD_isError(result) == 0, "zstd parameter \(parameter) = \(value)")
    }
    let bound = ZSTD_compressBound(content.count)
    guard ZSTD_isError(bound) == 0 else { throw FileSystemError("compress", name, code: EFBIG) }
    _ = ZSTD_CCtx_setPledgedSrcSize(context, UInt64(content.count))
    return try [UInt8](unsafeUninitializedCapacity: bound) { buffer, initialized in
      var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      var input = ZSTD_inBuffer(src: content.baseAddress, size: 0, pos: 0)
      var isEnded = false
      while !isEnded {
        try report(input.pos)
        input.size = min(input.pos + piece, content.count)
        let isLast = input.size == content.count
        let left = ZSTD_compressStream2(
          context, &output, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
        // The bound is room enough, so a full buffer before the end means the same as an error.
        guard ZSTD_isError(left) == 0, output.pos < output.size || left == 0 else {
          throw FileSystemError("compress", name, code: ENOMEM)
        }
        isEnded = isLast && left == 0
      }
      initialized = output.pos
    }
  }
}
