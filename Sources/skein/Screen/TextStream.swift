import Glibc
import SkeinFiles
import Synchronization

/// A stream that the process was started with. Every text is written at once, so the two streams
/// keep their order in a log, and a log is never behind.
final class TextStream: Sendable {
  static let output = TextStream(STDOUT_FILENO, "standard output")
  static let errors = TextStream(STDERR_FILENO, "standard error")

  private let file: Int32
  private let name: String
  /// The error number of the first write that failed; 0 for none, EINTR where a signal ended the
  /// waiting for a reader.
  private let failure = Atomic<Int32>(0)

  /// - Parameter name: what messages call it.
  init(_ file: Int32, _ name: String) {
    self.file = file
    self.name = name
  }

  /// Writes all of `text`. A stream that takes nothing at present is waited for, also where whoever
  /// started the process has made it non-blocking; after a signal for a second at most. Nothing is
  /// written after the first failure.
  func write(_ text: String) {
    guard failure.load(ordering: .relaxed) == 0 else { return }
    let blocks = fcntl(file, F_GETFL) & O_NONBLOCK == 0
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      // A call that blocks would go on after a signal. One of this size never does where there is
      // room at all.
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

  /// Says whether everything arrived. A reader that went away, as `head` does, wanted no more.
  ///
  /// - Throws: `FileSystemError`, as for a full disk; `Interrupted` where a signal came while
  ///   nobody read.
  func check() throws {
    let code = failure.load(ordering: .relaxed)
    guard code != EINTR else {
      throw Interrupted(signal: Interruption.signal, message: "nobody read \(name)")
    }
    guard code == 0 || code == EPIPE else { throw FileSystemError("write", name, code: code) }
  }

  /// Whether what is written still arrives; a long output ends early where it does not.
  ///
  /// - Throws: as `check`.
  func isTaken() throws -> Bool {
    try check()
    return failure.load(ordering: .relaxed) == 0
  }

  /// Waits until the stream takes bytes, or a write to it fails.
  ///
  /// - Returns: false where a signal has come and nobody has read for a second since.
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

/// Prints to standard output, like the standard library's `print`, whose buffer would hold a log
/// back and lose what a non-blocking reader does not take.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  TextStream.output.write(items.map { "\($0)" }.joined(separator: separator) + terminator)
}
