import Glibc
import SkeinData

/// Names that are no text. A Swift `String` mends bytes that are no UTF-8, so a file or folder
/// named with such bytes would quietly become another one.
enum ArgumentBytes {
  /// Checks the process's arguments and its current folder, before anything is opened or made.
  ///
  /// - Throws: `UsageError` for the first one that is not UTF-8.
  static func check() throws {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[index] else { break }
      try check(argument, "argument \(index)")
    }
    guard let folder = getcwd(nil, 0) else { return }
    defer { free(folder) }
    try check(folder, "the current folder")
  }

  private static func check(_ text: UnsafePointer<CChar>, _ what: String) throws {
    guard String(validatingCString: text) == nil else { return }
    throw UsageError(
      description: "\(what) is not UTF-8: \"\(escaped(text))\"; rename it, or give it a second "
        + "name that is: ln -s OLD NEW")
  }

  /// ASCII as it is, and every other byte as `\xFF`.
  private static func escaped(_ text: UnsafePointer<CChar>) -> String {
    let bytes = UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
    return bytes.prefix(1000).map { byte in
      let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\\")
      return isPlain
        ? String(UnicodeScalar(byte)) : "\\x" + [byte].hexadecimal.uppercased()
    }.joined()
  }
}
