import Glibc

/// Reads files of known kinds whole: regular ones, no larger than their reader can use.
package enum WholeFile {
  /// Why a file was not read.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// The system's error number.
    case system(Int32)
    /// What it is instead of a regular file.
    case irregular(String)
    /// Its size in bytes, beyond the limit.
    case tooLarge(Int)

    /// What was found, for messages.
    package var description: String {
      switch self {
      case .system(let code): FileSystemError.text(of: code)
      case .irregular(let kind): kind
      case .tooLarge(let size): "\(size) bytes"
      }
    }
  }

  /// The bytes at `path`. It never waits for a pipe or a device, and allocates what the file has.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that it may have.
  ///   - followsLinks: whether the file may be a symbolic link.
  package static func read(
    _ path: String, atMost limit: Int, followsLinks: Bool = true
  ) throws(Failure) -> [UInt8] {
    let file = try open(path, followsLinks: followsLinks)
    defer { close(file) }
    let size = try size(of: file)
    guard size <= limit else { throw .tooLarge(size) }
    return try bytes(of: file, size)
  }

  /// The first `count` bytes at `path`, or all of them where there are fewer. Links are not
  /// followed.
  package static func prefix(_ path: String, _ count: Int) throws(Failure) -> [UInt8] {
    let file = try open(path, followsLinks: false)
    defer { close(file) }
    return try bytes(of: file, min(count, try size(of: file)))
  }

  /// Opens a regular file for reading, without waiting.
  static func open(_ path: String, followsLinks: Bool) throws(Failure) -> Int32 {
    let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (followsLinks ? 0 : O_NOFOLLOW)
    let file = uninterrupted { SkeinFiles.open(path, flags) }
    guard file >= 0 else {
      let code = errno
      throw code == ELOOP && !followsLinks ? .irregular("a symbolic link") : .system(code)
    }
    return file
  }

  private static func size(of file: Int32) throws(Failure) -> Int {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .irregular(FileMode.kind(status.st_mode))
    }
    return Int(status.st_size)
  }

  private static func bytes(of file: Int32, _ count: Int) throws(Failure) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let part = uninterrupted {
          Glibc.read(file, buffer.baseAddress.map { $0 + filled }, count - filled)
        }
        if part < 0 { code = errno }
        // A file that became shorter meanwhile ends here.
        guard part > 0 else { return }
        filled += part
      }
    }
    if code != 0 { throw .system(code) }
    return bytes
  }
}
