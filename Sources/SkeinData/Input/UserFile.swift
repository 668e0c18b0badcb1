import Glibc
import SkeinFiles

/// A file that a user named, read from front to back: a regular file, a pipe, or standard input
/// under the name `-`. What a manifest names is an `InputFile` instead, which is always regular.
///
/// A pipe's size is unknown until it ends, and its writer may take its time: reading waits for it
/// in short steps, so that a wish to stop is heard.
final class UserFile: ByteSource {
  let name: String
  /// The size of a regular file; nil where it shows only at the end.
  let size: Int?
  private(set) var offset = 0
  private let descriptor: Descriptor
  private let isCancelled: @Sendable () -> Bool
  /// Bytes that `peek` has read ahead, and how many of them `read` has given since.
  private var ahead: [UInt8] = []
  private var given = 0

  /// What standard input is called on the command line.
  static let standardInput = "-"

  /// Opens the file at `path`; symbolic links are followed. A named pipe opens at once, with or
  /// without a writer.
  ///
  /// - Parameter isCancelled: asked while a pipe is waited for; true ends the waiting with a
  ///   `CancellationError`.
  /// - Throws: `DataError` where there is nothing to read.
  init(path: String, isCancelled: @escaping @Sendable () -> Bool = { false }) throws {
    let isInput = path == Self.standardInput
    name = isInput ? "standard input" : path
    let raw =
      isInput
      ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
      : uninterrupted { open(path, InputFile.openFlags) }
    guard raw >= 0 else {
      let code = errno
      guard !isInput else {
        throw DataError(name, expected: "an array", found: FileSystemError.text(of: code))
      }
      throw InputFile.openError(path, code: code)
    }
    descriptor = Descriptor(owning: raw)
    self.isCancelled = isCancelled
    size = try Self.size(of: raw, name)
  }

  /// The size of a regular file; nil for a pipe and what else is read like one.
  private static func size(of file: Int32, _ name: String) throws -> Int? {
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw FileSystemError("examine", name, code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFIFO, S_IFSOCK: return nil
    case S_IFCHR where isatty(file) == 0: return nil
    case S_IFCHR:
      throw DataError(
        name, expected: "an array", found: "a terminal",
        advice: "send a file there: skein … - < FILE")
    default:
      throw DataError(
        name, expected: "a file or a pipe", found: FileMode.kind(status.st_mode))
    }
    // A file that has been read in part, as standard input may have been, holds only the rest.
    return max(0, Int(status.st_size) - max(0, Int(lseek(file, 0, SEEK_CUR))))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard given < ahead.count else { return try readOn(into: buffer) }
    let count = min(buffer.count, ahead.count - given)
    buffer.copyBytes(from: ahead[given..<(given + count)])
    given += count
    offset += count
    return count
  }

  private func readOn(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try readBeyond(buffer)
    offset += count
    return count
  }

  /// The first `count` bytes, or fewer where the file is shorter; they are still read afterwards.
  ///
  /// - Precondition: nothing has been read yet.
  func peek(_ count: Int) throws -> [UInt8] {
    require(offset == 0, "a look at the front of \(name) after \(offset) bytes")
    while ahead.count < count {
      let piece = try [UInt8](unsafeUninitializedCapacity: count - ahead.count) { buffer, length in
        length = try readBeyond(UnsafeMutableRawBufferPointer(buffer))
      }
      if piece.isEmpty { break }
      ahead += piece
    }
    return ahead
  }

  /// `count` bytes from `position` on, or fewer where the file ends.
  ///
  /// - Precondition: the file has a `size`, and `count` and `position` are not below 0.
  func bytes(at position: Int, _ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
      length = try read(at: position, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Fills `buffer` from `position` on; returns how many bytes there were.
  func read(at position: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(descriptor.raw, rest.baseAddress, rest.count, position + filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileSystemError("read", name, code: errno) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Reads behind everything that was read so far, as soon as something is there.
  private func readBeyond(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      if size == nil { try waitForBytes() }
      let count = Glibc.read(descriptor.raw, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      let code = errno
      guard code == EINTR || code == EAGAIN else {
        throw FileSystemError("read", name, code: code)
      }
    }
  }

  /// Returns once there are bytes to read, or the writers are gone. A named pipe that no writer has
  /// opened yet is waited for too.
  private func waitForBytes() throws {
    var request = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
    repeat {
      if isCancelled() { throw CancellationError() }
    } while poll(&request, 1, 100) <= 0
  }
}
