import Foundation
import SkeinFiles
import SkeinReport

/// What standard output is, and what can be shown on it.
enum Terminal {
  private static func variable(_ name: String) -> String {
    ProcessInfo.processInfo.environment[name] ?? ""
  }

  /// Whether it is a terminal that can overwrite a line.
  static var isLive: Bool { isLive(STDOUT_FILENO) }

  /// The same of `stream`.
  static func isLive(_ stream: Int32) -> Bool { isatty(stream) == 1 && variable("TERM") != "dumb" }

  /// Whether escape sequences for colours are wanted: https://no-color.org.
  static var hasColour: Bool { isLive && variable("NO_COLOR").isEmpty }

  /// Whether texts may hold block characters.
  static var hasBlocks: Bool {
    let locale = [variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG")].first { !$0.isEmpty }
    // Without any locale a terminal of today is more likely to know UTF-8 than not.
    guard let locale else { return true }
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }

  static var style: ProgressLine.Style {
    ProgressLine.Style(hasBlocks: hasBlocks, hasColour: hasColour)
  }

  /// The columns of standard output as they are now, at least 20: a window can be resized.
  static var columns: Int { columns(of: STDOUT_FILENO) }

  /// The columns of `stream`; where it is no terminal what the variable COLUMNS says, or else 80.
  static func columns(of stream: Int32) -> Int {
    var size = winsize()
    let answered = ioctl(stream, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = answered ? Int(size.ws_col) : Int(variable("COLUMNS")) ?? 80
    return min(max(columns, 20), 1000)
  }
}

/// Prints text for people: lines that are wider than the terminal break at spaces.
func printWrapped(_ text: String) {
  print(text.wrapped(to: Terminal.columns))
}

/// Prints "name: path". In a log the path stays whole on its line, where a program finds it.
func printPath(_ name: String, _ path: String) {
  let line = "\(name): \(path.printable(limit: 4096))"
  print(isatty(STDOUT_FILENO) == 1 ? line.wrapped(to: Terminal.columns) : line)
}

/// Says what went wrong, or may, on standard error. On a terminal lines break at spaces; in a log a
/// message stays on its line, where a search finds it.
func complain(_ text: String) {
  LiveLine.clear()
  let message = "skein: \(text)"
  let isTerminal = isatty(STDERR_FILENO) == 1
  let shown = isTerminal ? message.wrapped(to: Terminal.columns(of: STDERR_FILENO)) : message
  TextStream.errors.write(shown + "\n")
}
