import SkeinFiles

/// The process's arguments, names that are no UTF-8 included: Swift's own list mends those, so that
/// a folder named with such bytes would quietly become another one.
enum ArgumentBytes {
  /// All of them, the program's name first, as `PathBytes` writes names.
  static let all: [String] = (0..<Int(CommandLine.argc)).compactMap { index in
    CommandLine.unsafeArgv[index].map { PathBytes.text($0) }
  }
}
