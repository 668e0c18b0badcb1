import CZstd
import Glibc

/// Compresses into one zstd frame with content size and checksum.
enum ZstdEncoder {
  /// The levels that a dataset can be written with. Beyond 19 zstd wants windows that readers with
  /// little memory refuse.
  static let levels = 1...19

  /// Window of 2 MiB: it bounds the memory of the encoder (some 40 MB at level 19) and of every
  /// decoder, and samples hardly gain from a larger one.
  private static let windowLog: Int32 = 21

  /// The frame that holds `content`. The same content, level and library give the same bytes.
  ///
  /// - Precondition: `level` is in `levels`.
  /// - Throws: `FileSystemError` where memory does not suffice; `name` is the file to be.
  static func compress(
    _ content: UnsafeRawBufferPointer, level: Int, name: String
  ) throws -> [UInt8] {
    precondition(levels.contains(level), "zstd level \(level), not in \(levels)")
    guard let context = ZSTD_createCCtx() else {
      throw FileSystemError("compress", name, code: ENOMEM)
    }
    defer { _ = ZSTD_freeCCtx(context) }
    for (parameter, value) in [
      (ZSTD_c_compressionLevel, Int32(clamping: level)), (ZSTD_c_windowLog, windowLog),
      (ZSTD_c_checksumFlag, 1), (ZSTD_c_contentSizeFlag, 1),
    ] {
      let result = ZSTD_CCtx_setParameter(context, parameter, value)
      precondition(ZSTD_isError(result) == 0, "zstd parameter \(parameter) = \(value)")
    }
    let bound = ZSTD_compressBound(content.count)
    guard ZSTD_isError(bound) == 0 else { throw FileSystemError("compress", name, code: EFBIG) }
    return try [UInt8](unsafeUninitializedCapacity: bound) { buffer, initialized in
      let size = ZSTD_compress2(
        context, buffer.baseAddress, buffer.count, content.baseAddress, content.count)
      guard ZSTD_isError(size) == 0 else {
        throw FileSystemError("compress", name, code: ENOMEM)
      }
      initialized = size
    }
  }
}
