import Foundation
import SkeinData

/// Long texts for whoever reads the command's output.
enum StandardOutput {
  /// Writes `text` and sees to it that it arrives: a stream tells of failures only of what it still
  /// held at the end. A reader that went away, as `head` does, wanted no more.
  ///
  /// - Throws: `FileSystemError`, as for a full disk.
  static func write(_ text: String) throws {
    fflush(nil)
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EPIPE { return }
      guard count >= 0 else { throw FileSystemError("write", "standard output", code: errno) }
      bytes = bytes.dropFirst(count)
    }
  }
}
