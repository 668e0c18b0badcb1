import Glibc

/// Writes what a user asked for to a file that the user named.
///
/// New and regular files are written like all others, whole or not at all. A symbolic link stays,
/// and what it leads to is replaced. Whatever else is there, a pipe, a device, an open descriptor
/// as `/dev/stdout` or a shell's `>(…)`, is opened and written.
package enum OutputFile {
  private enum Place {
    /// To be made, or to be replaced by a file with the same permissions.
    case file(String, mode_t?)
    /// To be opened.
    case stream(String)
    /// Open already.
    case descriptor(Int32)
  }

  /// Writes `bytes` to `path`.
  ///
  /// - Throws: `FileSystemError`, which names `path` as it was given.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileSystemError) {
    do throws(FileSystemError) {
      switch try place(of: path) {
      case .file(let target, let permissions):
        try AtomicFile.write([bytes], to: target, through: .system, permissions: permissions)
      case .stream(let target):
        let file = uninterrupted { open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY) }
        guard file >= 0 else { throw FileSystemError("write", path, code: errno) }
        try write(bytes, to: file, path)
      case .descriptor(let number):
        // A copy, at the descriptor's own place: opened anew, a log would be written over.
        let file = fcntl(number, F_DUPFD_CLOEXEC, 3)
        guard file >= 0 else { throw FileSystemError("write", path, code: errno) }
        try write(bytes, to: file, path)
      }
    } catch {
      throw FileSystemError("write", path, code: error.code)
    }
  }

  /// Finds out, before the work, whether there is a place for the file at all.
  ///
  /// - Throws: `FileSystemError`.
  package static func check(_ path: String) throws(FileSystemError) {
    let result: Int32
    switch try place(of: path) {
    case .file(let target, _):
      let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
      let folder = slash.map { $0 == target.startIndex ? "/" : String(target[..<$0]) } ?? "."
      result = access(folder, W_OK)
    case .stream(let target): result = access(target, W_OK)
    case .descriptor(let number): result = fcntl(number, F_GETFD) < 0 ? -1 : 0
    }
    guard result == 0 else { throw FileSystemError("write", path, code: errno) }
  }

  /// Writes all and closes. Waits for a reader that takes nothing at present.
  private static func write(
    _ bytes: [UInt8], to file: Int32, _ path: String
  ) throws(FileSystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var request = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
      } else if errno != EINTR {
        let code = errno
        _ = close(file)
        throw FileSystemError("write", path, code: code)
      }
    }
    guard close(file) == 0 else { throw FileSystemError("write", path, code: errno) }
  }

  /// Follows links one by one to what is there, or to the name where a file will be.
  private static func place(of path: String) throws(FileSystemError) -> Place {
    var target = path
    for _ in 0..<40 {
      if let number = descriptor(target) { return .descriptor(number) }
      var status = stat()
      guard lstat(target, &status) == 0 else {
        guard errno == ENOENT else { throw FileSystemError("write", path, code: errno) }
        return .file(target, nil)
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG: return .file(target, status.st_mode & 0o7777)
      case S_IFLNK: target = try next(target, path)
      default: return .stream(target)
      }
    }
    throw FileSystemError("write", path, code: ELOOP)
  }

  /// Where the link at `link` leads.
  private static func next(_ link: String, _ path: String) throws(FileSystemError) -> String {
    guard let target = linkTarget(link) else {
      throw FileSystemError("write", path, code: errno)
    }
    let slash = UInt8(ascii: "/")
    guard target.utf8.first != slash, let end = link.utf8.lastIndex(of: slash) else {
      return target
    }
    return String(link[...end]) + target
  }

  /// The number in a name of one of the process's own descriptors.
  private static func descriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdin": return STDIN_FILENO
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default: break
    }
    for folder in ["/dev/fd/", "/proc/self/fd/", "/proc/\(getpid())/fd/"]
    where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }
}
