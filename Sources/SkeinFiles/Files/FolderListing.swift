import Glibc

/// Looks at folders and names without following symbolic links.
package enum FolderListing {
  /// What lies at a path.
  package enum Kind: Sendable, Equatable {
    case file, folder, link
    /// A pipe, a device, a socket; in words.
    case other(String)

    /// In words, for messages.
    package var description: String {
      switch self {
      case .file: "a file"
      case .folder: "a folder"
      case .link: "a symbolic link"
      case .other(let text): text
      }
    }
  }

  /// The names in the folder at `path`, in order, without `.` and `..`; nil where nothing is there.
  ///
  /// - Throws: `FileSystemError` for what is no folder or cannot be read: it may be full of files.
  package static func names(in path: String) throws(FileSystemError) -> [String]? {
    guard let folder = opendir(path) else {
      let code = errno
      if code == ENOENT { return nil }
      throw FileSystemError("look into", path, code: code)
    }
    defer { closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
      let name = entryName(entry)
      if name != "." && name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw FileSystemError("look into", path, code: errno) }
    return names.sorted()
  }

  /// What lies at `path` itself; nil where nothing does, or where it cannot be seen.
  package static func kind(of path: String) -> Kind? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFLNK: return .link
    default: return .other(FileMode.kind(status.st_mode))
    }
  }

  /// Whether the two paths are names of one file.
  package static func areOneFile(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    return lstat(a, &first) == 0 && lstat(b, &second) == 0 && first.st_ino == second.st_ino
      && first.st_dev == second.st_dev
  }
}
