import Glibc
import SkeinFiles
import Synchronization

/// Standard output or standard error.
///
/// There is no buffer: every text is written at once. So a log has the texts of both streams in the
/// right order, and is always up to date.
final class TextStream: Sendable {
  static let output = TextStream(STDOUT_FILENO, "standard output")
  static let errors = TextStream(STDERR_FILENO, "standard error")

  private let file: Int32
  private let name: String
  /// The error number of the first write that failed; 0 for none. EINTR says that a signal ended
  /// the wait for a reader.
  private let failure = Atomic<Int32>(0)

  /// A stream on the descriptor `file`.
  ///
  /// - Parameter name: the stream's name in messages.
  init(_ file: Int32, _ name: String) {
    self.file = file
    self.name = name
  }

  /// Writes all of `text`, but nothing after the first failure.
  ///
  /// It waits while the stream takes no bytes, even where the parent process has made the stream
  /// non-blocking. After a signal it waits for at most a second.
  func write(_ text: String) {
    guard failure.load(ordering: .relaxed) == 0 else { return }
    let blocks = fcntl(file, F_GETFL) & O_NONBLOCK == 0
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      // A call that blocks would go on after a signal. But a call of this size does not block where
      // there is any room.
      guard !blocks || waitForRoom() else { return failure.store(EINTR, ordering: .relaxed) }
      let count = bytes.prefix(Int(PIPE_BUF)).withUnsafeBytes {
        Glibc.write(file, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        guard waitForRoom() else { return failure.store(EINTR, ordering: .relaxed) }
      } else if errno != EINTR {
        return failure.store(errno, ordering: .relaxed)
      }
    }
  }

  /// Checks that everything was written. A reader that goes away, as `head` does, is no error.
  ///
  /// - Throws: `FileSystemError`, such as for a full disk; `Interrupted` where a signal came while
  ///   nobody read.
  func check() throws {
    let code = failure.load(ordering: .relaxed)
    guard code != EINTR else {
      throw Interrupted(signal: Interruption.signal, message: "nobody read \(name)")
    }
    guard code == 0 || code == EPIPE else { throw FileSystemError("write", name, code: code) }
  }

  /// Whether somebody still takes what is written. A long output ends early where nobody does.
  ///
  /// - Throws: what `check` throws.
  func isTaken() throws -> Bool {
    try check()
    return failure.load(ordering: .relaxed) == 0
  }

  /// Waits until the stream takes bytes, or until a write to it would fail.
  ///
  /// - Returns: false where nobody has read for a second after a signal.
  private func waitForRoom() -> Bool {
    var request = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
    var looks = 0
    while true {
      let count = poll(&request, 1, 100)
      if count > 0 || count < 0 && errno != EINTR && errno != EAGAIN { return true }
      guard count == 0, Interruption.signal != 0 else { continue }
      looks += 1
      if looks == 10 { return false }
    }
  }
}

/// Prints to standard output, in place of the standard library's `print`. The buffer of that one
/// would delay a log, and would lose what a non-blocking reader does not take.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  TextStream.output.write(items.map { "\($0)" }.joined(separator: separator) + terminator)
}
