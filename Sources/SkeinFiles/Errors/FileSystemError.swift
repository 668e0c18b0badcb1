import Glibc

/// The file system refused something that should have worked: a write, a rename, a disk read.
///
/// Input that is missing or wrong is a `DataError` instead. The command line ends with exit code 4.
public struct FileSystemError: ExitCoded, Sendable, Equatable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 4 }

  /// What was tried, as a verb: `write`, `rename`, `create folder`.
  public let operation: String
  /// The file or folder that it was tried on.
  public let path: String
  /// The system's error number, `errno`.
  public let code: Int32

  /// - Parameters:
  ///   - operation: a verb that follows "cannot": `write`, `create folder`.
  ///   - path: what it was tried on.
  ///   - code: an `errno` value.
  public init(_ operation: String, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// `cannot write PATH: No space left on device`.
  public var description: String {
    "cannot \(operation) \(path.printable(limit: 1000)): \(Self.text(of: code))"
  }

  /// The system's words for an `errno` value.
  public static func text(of code: Int32) -> String {
    // glibc returns constant text for every number that the kernel can give.
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
