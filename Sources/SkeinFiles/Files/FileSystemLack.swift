import Glibc

/// What some file systems cannot do, as over a network or in FUSE, and a writer does without.
package enum FileSystemLack: Sendable, Hashable {
  /// `flock`.
  case locks
  /// `link`.
  case hardLinks
  /// `fsync` of a file, and of a folder.
  case flushingFiles, flushingFolders

  /// The error numbers by which a file system says that it knows no `fsync` of a file.
  static let ofFiles: Set<Int32> = [EINVAL, EROFS, ENOSYS, EOPNOTSUPP, ENOTTY]

  /// The same of a folder, which some systems do not even open for it.
  static let ofFolders: Set<Int32> = [
    EINVAL, EROFS, ENOSYS, EOPNOTSUPP, ENOTTY, EBADF, EACCES, EPERM,
  ]

  /// What it means for whoever reads `code`, in one line.
  package func explanation(code: Int32) -> String {
    let (what, consequence) =
      switch self {
      case .locks: ("lock files", "going on without a lock, so start no second run in this folder")
      case .hardLinks: ("make hard links", "files are copied instead")
      case .flushingFiles: ("flush files", "a power failure may take what was saved last")
      case .flushingFolders: ("flush folders", "a power failure may take what was saved last")
      }
    return "this file system cannot \(what) (\(FileSystemError.text(of: code))): \(consequence)"
  }
}
