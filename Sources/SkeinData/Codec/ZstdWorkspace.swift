import CZstd
import Glibc
import SkeinFiles

/// What decoding zstd data takes: the decoder's state, with its window, and two buffers for
/// compressed bytes. One source after the other may use it, so that its memory is asked for once.
final class ZstdWorkspace {
  /// Largest window as a power of two.
  static let windowLimit: Int32 = 27

  let context: OpaquePointer
  private let buffers: [UnsafeMutableRawBufferPointer]
  private var turn = 0

  /// - Throws: `FileSystemError` where memory does not suffice; `name` is the file to be decoded.
  init(name: String) throws {
    guard let context = ZSTD_createDCtx() else {
      throw FileSystemError("decompress", name, code: ENOMEM)
    }
    self.context = context
    buffers = (0..<2).map { _ in .allocate(byteCount: 1 << 17, alignment: 64) }
  }

  deinit {
    _ = ZSTD_freeDCtx(context)
    buffers.forEach { $0.deallocate() }
  }

  /// Forgets the data before, as a new source needs it.
  func reset() {
    _ = ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters)
    _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLimit)
  }

  /// The two buffers in turn: what was read into one may still be hashed while the other is filled.
  func nextBuffer() -> UnsafeMutableRawBufferPointer {
    turn = 1 - turn
    return buffers[turn]
  }
}
