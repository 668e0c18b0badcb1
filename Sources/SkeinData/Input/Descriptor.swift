import Glibc
import SkeinFiles

/// An open file descriptor that is closed when its last owner lets go of it.
final class Descriptor: Sendable {
  let raw: Int32

  init(owning raw: Int32) {
    self.raw = raw
  }

  deinit {
    _ = close(raw)
  }
}

/// What tells a file from another one that took its name: inode, size and time of last change.
struct FileStamp: Sendable, Equatable {
  let device: UInt64
  let inode: UInt64
  let size: Int
  let modifiedSeconds: Int
  let modifiedNanoseconds: Int

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
    modifiedSeconds = status.st_mtim.tv_sec
    modifiedNanoseconds = status.st_mtim.tv_nsec
  }

  /// The stamp of an open regular file.
  ///
  /// - Throws: `DataError` for anything else, with what it is.
  static func regular(_ descriptor: Descriptor, path: String) throws -> FileStamp {
    var status = stat()
    guard fstat(descriptor.raw, &status) == 0 else {
      throw FileSystemError("examine", path, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DataError(path, expected: "a regular file", found: FileMode.kind(status.st_mode))
    }
    return FileStamp(status)
  }
}
