import SkeinFiles

/// What one thread needs to read shards, one after the other: a decoder, and where threads are
/// left, one that hashes.
final class ShardWorkspace {
  private var zstd: ZstdWorkspace?
  private var hashThread: HashThread?
  private var mayStartThread: Bool

  /// Fewest bytes of a file that are worth a thread. Starting one takes as long as hashing some
  /// 100 KB, and only what follows the first piece is hashed beside the decoding.
  static let leastHashedBeside = 1 << 18

  /// - Parameter hashesBeside: whether a second thread may hash what this one decodes.
  init(hashesBeside: Bool) {
    mayStartThread = hashesBeside
  }

  /// The decoder; `name` is the file that is to be decoded.
  ///
  /// - Throws: `FileSystemError` where memory does not suffice.
  func zstd(for name: String) throws -> ZstdWorkspace {
    if let zstd { return zstd }
    let made = try ZstdWorkspace(name: name)
    zstd = made
    return made
  }

  /// The thread that hashes a file of `bytes` bytes; nil where the caller does it: for a small
  /// file, and where the system gives no thread.
  func hashThread(forFileOf bytes: Int) -> HashThread? {
    guard bytes >= Self.leastHashedBeside else { return nil }
    if mayStartThread {
      mayStartThread = false
      hashThread = try? HashThread()
    }
    return hashThread
  }
}
