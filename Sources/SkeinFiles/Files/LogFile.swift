import Glibc

/// Adds lines to a file whose readers pass over an unfinished last line.
package enum LogFile {
  /// Adds `bytes` at the end of the file at `path`, which is made where it is not there.
  ///
  /// A symbolic link at `path` is not followed, and a pipe is not waited for. Where writing fails,
  /// the file is cut back to what it was; a process killed in the middle may leave a part of
  /// `bytes` behind.
  /// - Throws: `FileSystemError` with the step that failed.
  package static func append(
    _ bytes: [UInt8], to path: String, through calls: FileCalls = .system
  ) throws(FileSystemError) {
    let file = uninterrupted {
      calls.open(path, O_WRONLY | O_CREAT | O_APPEND | flags, 0o666)
    }
    guard file >= 0 else { throw FileSystemError("open", path, code: errno) }
    let size = lseek(file, 0, SEEK_END)
    do throws(FileSystemError) {
      try AtomicFile.write(bytes, to: file, path: path, through: calls)
    } catch {
      if size >= 0 { _ = ftruncate(file, size) }
      _ = calls.close(file)
      throw error
    }
    guard calls.close(file) == 0 else { throw FileSystemError("close", path, code: errno) }
  }

  /// Makes what was added so far outlast a power failure.
  ///
  /// - Throws: `FileSystemError`.
  package static func flush(
    _ path: String, through calls: FileCalls = .system
  ) throws(FileSystemError) {
    let file = uninterrupted { calls.open(path, O_WRONLY | flags, 0) }
    guard file >= 0 else { throw FileSystemError("open", path, code: errno) }
    defer { _ = calls.close(file) }
    try AtomicFile.flush(file, path, through: calls)
  }

  private static let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
}
