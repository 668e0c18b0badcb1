/// An error that says which exit code the command line has for it.
///
/// README lists all codes. Without this protocol the command line would have to know every error.
public protocol ExitCoded: Error {
  /// The exit code of the command line for this error.
  var exitCode: Int32 { get }
}
