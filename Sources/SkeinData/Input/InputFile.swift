import Glibc
import SkeinFiles

/// A regular file that is read from front to back, hashed on its way where asked: by the thread
/// that reads it, or beside that one.
final class InputFile: ByteSource {
  let name: String
  /// The file's size and identity when it was opened.
  let stamp: FileStamp
  private(set) var offset = 0
  private let descriptor: Descriptor
  private var hash: SHA256?
  /// Hashes beside the thread that reads; nil where that one hashes.
  private var hashThread: HashThread?
  /// Whether the name was a symbolic link.
  let isLink: Bool

  /// Flags that open without ever waiting: a pipe without a writer opens at once and is refused
  /// as no regular file.
  static let openFlags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY

  init(
    _ descriptor: Descriptor, name: String, hashing: Bool = false, isLink: Bool = false
  ) throws {
    self.descriptor = descriptor
    self.name = name
    self.isLink = isLink
    stamp = try FileStamp.regular(descriptor, path: name)
    hash = hashing ? SHA256() : nil
  }

  /// The error for a file that did not open: bad input where the name is to blame, the file system
  /// otherwise.
  static func openError(_ path: String, code: Int32) -> any Error {
    switch code {
    case ENOENT:
      return DataError(path, expected: "a file", found: "nothing of that name")
    case ELOOP:
      return DataError(
        path, expected: "a file", found: "a symbolic link that may not be followed",
        advice: "put the file or folder itself there, as cp -L does")
    case EACCES, EPERM, ENOTDIR, ENXIO, ENAMETOOLONG, EINVAL, ENODEV, ENOTSUP:
      return DataError(
        path, expected: "a readable file", found: FileSystemError.text(of: code))
    default:
      return FileSystemError("open", path, code: code)
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var count = Glibc.read(descriptor.raw, buffer.baseAddress, buffer.count)
    while count < 0 && errno == EINTR {
      count = Glibc.read(descriptor.raw, buffer.baseAddress, buffer.count)
    }
    guard count >= 0 else { throw FileSystemError("read", name, code: errno) }
    offset += count
    if let hash, count > 0 {
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      if let hashThread { hashThread.append(bytes, to: hash) } else { hash.update(bytes) }
    }
    return count
  }

  /// Lets `thread` hash what is read from here on.
  ///
  /// Until the next `read`, or `settle`, has returned, nobody may write to the buffer that was read
  /// into last.
  func hash(on thread: HashThread) {
    settle()
    hashThread = thread
  }

  /// Returns once all that was read is hashed, and buffers may be written to again.
  func settle() {
    hashThread?.settle()
  }

  /// Reads what is left, so that the hash covers the whole file.
  func drain() throws {
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      while try read(into: buffer) > 0 { settle() }
    }
  }

  /// Goes back to the first byte; what is read from there on is hashed anew.
  func rewind() throws {
    guard lseek(descriptor.raw, 0, SEEK_SET) == 0 else {
      throw FileSystemError("read", name, code: errno)
    }
    offset = 0
    settle()
    if hash != nil { hash = SHA256() }
  }

  /// The SHA-256 of the bytes read so far, in lower-case hexadecimal; nil where none was asked for.
  var hashText: String? {
    settle()
    return hash?.hexadecimal
  }
}
