import Glibc

/// Makes folders.
package enum FolderMaking {
  /// Makes the folder at `path`, and those above it, where they are missing.
  ///
  /// - Returns: whether the last one was made.
  /// - Throws: `FileSystemError`.
  @discardableResult
  package static func make(_ path: String) throws(FileSystemError) -> Bool {
    guard !path.isEmpty else { throw FileSystemError("create folder", "", code: ENOENT) }
    var prefix = path.utf8.first == UInt8(ascii: "/") ? "/" : ""
    var created = false
    for component in PathBytes.components(path) where !component.isEmpty {
      prefix += component + "/"
      created = mkdir(prefix, 0o777) == 0
      if created { continue }
      let code = errno
      // A read-only parent answers EROFS or EACCES for a folder that is there all the same.
      guard fileKind(prefix) == S_IFDIR else {
        throw FileSystemError(
          "create folder", String(prefix.dropLast()), code: code == EEXIST ? ENOTDIR : code)
      }
    }
    return created
  }
}
