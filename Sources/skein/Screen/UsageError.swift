import SkeinFiles

/// The error of arguments that cannot be used, alone or together. The command line ends with exit
/// code 2.
struct UsageError: ExitCoded, CustomStringConvertible {
  let description: String

  var exitCode: Int32 { 2 }
}
