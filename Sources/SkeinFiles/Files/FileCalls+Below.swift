import Glibc

/// Calls that stay in one folder, whatever becomes of the folders in it.
extension FileCalls {
  /// The real ones for a folder and what lies in it: no symbolic link below `root` is followed to a
  /// file that is opened or removed, even where one takes a folder's place between two calls.
  /// `root` itself may be one, since its user named it. Other paths are left to the system.
  ///
  /// A link in the place of a folder gives ENOTDIR, and one in the place of a file ELOOP. Renaming
  /// and linking go by the whole path: they only touch what was opened here a moment before.
  /// - Parameter base: opens `root`, and does everything else.
  package static func below(_ root: String, over base: FileCalls = .system) -> FileCalls {
    var calls = base
    calls.open = { path, flags, mode in
      at(path, below: root, base) { folder, name, isBelow in
        openat(folder, name, isBelow ? flags | O_NOFOLLOW : flags, mode)
      }
    }
    calls.unlink = { path in
      at(path, below: root, base) { folder, name, _ in
        unlinkat(folder, name, 0)
      }
    }
    return calls
  }

  /// Calls `body` with the open folder that `path` lies in, and its name there; with AT_FDCWD and
  /// the path where that is not below `root`, or where the file system opens no folders and no link
  /// is in the way now.
  ///
  /// - Returns: what `body` does; -1 where the folder cannot be opened, with `errno` set.
  private static func at(
    _ path: String, below root: String, _ base: FileCalls,
    _ body: (_ folder: Int32, _ name: String, _ isBelow: Bool) -> Int32
  ) -> Int32 {
    let start = Array((root + "/").utf8)
    let rest = path.utf8.starts(with: start) ? Array(path.utf8.dropFirst(start.count)) : []
    var names = rest.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    guard let name = names.popLast() else { return body(AT_FDCWD, path, false) }
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    var folder = uninterrupted { base.open(root, flags, 0) }
    for name in names where folder >= 0 {
      let next = uninterrupted { openat(folder, name, flags | O_NOFOLLOW) }
      closeKeepingError(folder)
      folder = next
    }
    guard folder >= 0 else {
      let code = errno
      let folders = names.indices.map { root + "/" + names[...$0].joined(separator: "/") }
      guard FileSystemLack.ofFolders.contains(code),
        folders.allSatisfy({ FolderListing.kind(of: $0) == .folder })
      else {
        errno = code
        return -1
      }
      return body(AT_FDCWD, path, true)
    }
    let result = body(folder, name, true)
    closeKeepingError(folder)
    return result
  }

  /// Closes `file`, and leaves the error number as it was.
  private static func closeKeepingError(_ file: Int32) {
    let code = errno
    _ = Glibc.close(file)
    errno = code
  }
}
