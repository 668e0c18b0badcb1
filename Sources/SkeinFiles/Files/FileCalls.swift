import Glibc

/// The system calls that write files, so that a test can make each of them fail.
package struct FileCalls: Sendable {
  package var open: @Sendable (_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32
  package var write: @Sendable (_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
  package var fsync: @Sendable (_ file: Int32) -> Int32
  package var close: @Sendable (_ file: Int32) -> Int32
  package var rename: @Sendable (_ old: String, _ new: String) -> Int32
  package var link: @Sendable (_ existing: String, _ new: String) -> Int32
  package var unlink: @Sendable (_ path: String) -> Int32
  package var flock: @Sendable (_ file: Int32, _ operation: Int32) -> Int32 = systemFlock
  /// Told what a file system cannot do and a writer does without, with the system's error number.
  package var notice: @Sendable (_ lack: FileSystemLack, _ code: Int32) -> Void = { _, _ in }

  /// The real ones.
  package static let system = FileCalls(
    open: { SkeinFiles.open($0, $1, $2) },
    write: { Glibc.write($0, $1.baseAddress, $1.count) },
    fsync: { Glibc.fsync($0) },
    close: { Glibc.close($0) },
    rename: { SkeinFiles.rename($0, $1) },
    link: { SkeinFiles.link($0, $1) },
    unlink: { SkeinFiles.unlink($0) })
}

/// `flock` the function: qualified with its module, the name means the struct.
private let systemFlock: @Sendable (Int32, Int32) -> Int32 = { flock($0, $1) }

/// Makes a call again that a signal interrupted: a hundred times, so that no fault lasts for ever.
package func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
  var result = call()
  var tries = 1
  while result < 0, errno == EINTR, tries < 100 {
    result = call()
    tries += 1
  }
  return result
}
