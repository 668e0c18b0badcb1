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

  /// The real ones.
  package static let system = FileCalls(
    open: { Glibc.open($0, $1, $2) },
    write: { Glibc.write($0, $1.baseAddress, $1.count) },
    fsync: { Glibc.fsync($0) },
    close: { Glibc.close($0) },
    rename: { Glibc.rename($0, $1) },
    link: { Glibc.link($0, $1) },
    unlink: { Glibc.unlink($0) })
}

/// Makes a call again that a signal interrupted: a hundred times, so that no fault lasts for ever.
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
  var result = call()
  var tries = 1
  while result < 0, errno == EINTR, tries < 100 {
    result = call()
    tries += 1
  }
  return result
}
