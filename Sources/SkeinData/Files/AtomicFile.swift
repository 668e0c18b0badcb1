import Glibc

/// Writes files so that a reader finds the old content or the new, never something between.
public enum AtomicFile {
  /// Replaces or creates the file at `path`.
  ///
  /// The recipe: a temporary file `.NAME.tmp-PID-RANDOM` in the same folder, write all, `fsync`,
  /// rename over `path`, `fsync` the folder. When anything fails, the temporary file is removed and
  /// a file that stood at `path` stays as it was. O(bytes) and two flushes of the disk's cache.
  ///
  /// - Throws: `FileSystemError` with the step that failed.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileSystemError) {
    try write([bytes], to: path)
  }

  /// The same for content in several parts, which are written one after the other.
  public static func write(_ parts: [[UInt8]], to path: String) throws(FileSystemError) {
    try write(parts, to: path, through: .system)
  }

  /// The same through other system calls, for tests in which the k-th one fails.
  package static func write(
    _ parts: [[UInt8]], to path: String, through calls: FileCalls
  ) throws(FileSystemError) {
    let (folder, name) = split(path)
    let suffix = String(UInt32.random(in: 0 ... .max), radix: 16)
    let temporary = folder + "/.\(name.prefix(100)).tmp-\(getpid())-\(suffix)"

    let file = calls.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw FileSystemError("create", temporary, code: errno) }
    do throws(FileSystemError) {
      do throws(FileSystemError) {
        for part in parts { try write(part, to: file, path: path, through: calls) }
        // A failed fsync may have dropped the bytes for good: no second try on the same file.
        guard calls.fsync(file) == 0 else { throw FileSystemError("flush", path, code: errno) }
      } catch {
        _ = calls.close(file)
        throw error
      }
      guard calls.close(file) == 0 else { throw FileSystemError("close", path, code: errno) }
      guard calls.rename(temporary, path) == 0 else {
        throw FileSystemError("replace", path, code: errno)
      }
    } catch {
      _ = calls.unlink(temporary)
      throw error
    }
    try flushFolder(folder, through: calls)
  }

  private static func write(
    _ bytes: [UInt8], to file: Int32, path: String, through calls: FileCalls
  ) throws(FileSystemError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { calls.write(file, $0) }
      let code = errno
      if count < 0 && code == EINTR { continue }
      // A write of nothing would be tried for ever.
      guard count > 0 else {
        throw FileSystemError("write", path, code: count == 0 ? ENOSPC : code)
      }
      written += count
    }
  }

  /// Makes the rename itself last: the folder's entry is data of the folder.
  private static func flushFolder(
    _ folder: String, through calls: FileCalls
  ) throws(FileSystemError) {
    let descriptor = calls.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw FileSystemError("open", folder, code: errno) }
    let result = calls.fsync(descriptor)
    let code = errno
    _ = calls.close(descriptor)
    // Some network and FUSE file systems know no fsync of a folder and answer EINVAL.
    guard result == 0 || code == EINVAL else {
      throw FileSystemError("flush", folder, code: code)
    }
  }

  /// `a/b/c` → (`a/b`, `c`); a bare name lies in `.`.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }
}

/// The system calls of `AtomicFile`, so that a test can make each of them fail.
package struct FileCalls: Sendable {
  package var open: @Sendable (_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32
  package var write: @Sendable (_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
  package var fsync: @Sendable (_ file: Int32) -> Int32
  package var close: @Sendable (_ file: Int32) -> Int32
  package var rename: @Sendable (_ old: String, _ new: String) -> Int32
  package var unlink: @Sendable (_ path: String) -> Int32

  /// The real ones.
  package static let system = FileCalls(
    open: { Glibc.open($0, $1, $2) },
    write: { Glibc.write($0, $1.baseAddress, $1.count) },
    fsync: { Glibc.fsync($0) },
    close: { Glibc.close($0) },
    rename: { Glibc.rename($0, $1) },
    unlink: { Glibc.unlink($0) })
}
