import Glibc
import SkeinData
import Synchronization

/// A stream that the process was started with. Every text is written at once, so the two streams
/// keep their order in a log, and a log is never behind.
final class TextStream: Sendable {
  static let output = TextStream(STDOUT_FILENO, "standard output")
  static let errors = TextStream(STDERR_FILENO, "standard error")

  private let file: Int32
  private let name: String
  /// The error number of the first write that failed; 0 for none.
  private let failure = Atomic<Int32>(0)

  /// - Parameter name: what messages call it.
  init(_ file: Int32, _ name: String) {
    self.file = file
    self.name = name
  }

  /// Writes all of `text`. A stream that takes nothing at present is waited for: whoever started
  /// the process may have made it non-blocking. Nothing is written after the first failure.
  func write(_ text: String) {
    guard failure.load(ordering: .relaxed) == 0 else { return }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        waitForRoom()
      } else if errno != EINTR {
        return failure.store(errno, ordering: .relaxed)
      }
    }
  }

  /// Says whether everything arrived. A reader that went away, as `head` does, wanted no more.
  ///
  /// - Throws: `FileSystemError`, as for a full disk.
  func check() throws {
    let code = failure.load(ordering: .relaxed)
    guard code == 0 || code == EPIPE else { throw FileSystemError("write", name, code: code) }
  }

  /// Whether what is written still arrives; a long output ends early where it does not.
  ///
  /// - Throws: as `check`.
  func isTaken() throws -> Bool {
    try check()
    return failure.load(ordering: .relaxed) == 0
  }

  /// Returns once the stream takes bytes again, or a signal has come.
  private func waitForRoom() {
    var request = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }
}

/// Prints to standard output, like the standard library's `print`, whose buffer would hold a log
/// back and lose what a non-blocking reader does not take.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  TextStream.output.write(items.map { "\($0)" }.joined(separator: separator) + terminator)
}
