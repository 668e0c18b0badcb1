import SkeinFiles

/// The arguments of the process, including those that are not UTF-8.
///
/// Swift's own list replaces bytes that are not UTF-8. The name of a folder with such bytes would
/// quietly become another name.
enum ArgumentBytes {
  /// All arguments, written as `PathBytes` writes names. The program's name comes first.
  static let all: [String] = (0..<Int(CommandLine.argc)).compactMap { index in
    CommandLine.unsafeArgv[index].map { PathBytes.text($0) }
  }
}
