import Foundation

/// A file for a child's output: unlike a pipe it never fills up. It is removed with the value.
package final class TextFile {
  private let folder: TemporaryFolder
  private let path: String
  /// What a child writes to.
  package let handle: FileHandle

  package init() throws {
    folder = try TemporaryFolder()
    path = folder.file("text")
    try Data().write(to: URL(fileURLWithPath: path))
    handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }

  package var textSoFar: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

  /// All of it. Nothing may be written to it afterwards.
  package func text() -> String {
    try? handle.close()
    return textSoFar
  }
}
