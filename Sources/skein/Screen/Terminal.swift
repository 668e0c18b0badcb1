import Foundation
import SkeinFiles
import SkeinReport

/// What kind of terminal the output goes to, and what it can show.
enum Terminal {
  private static func variable(_ name: String) -> String {
    ProcessInfo.processInfo.environment[name] ?? ""
  }

  /// Whether standard output is a terminal that can overwrite a line.
  static var isLive: Bool { isLive(STDOUT_FILENO) }

  /// Whether `stream` is a terminal that can overwrite a line.
  static func isLive(_ stream: Int32) -> Bool { isatty(stream) == 1 && variable("TERM") != "dumb" }

  /// Whether to write escape sequences for colours: see https://no-color.org.
  static var hasColour: Bool { isLive && variable("NO_COLOR").isEmpty }

  /// Whether the terminal can show block characters.
  static var hasBlocks: Bool {
    let locale = [variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG")].first { !$0.isEmpty }
    // Most terminals of today know UTF-8, also where no locale is set.
    guard let locale else { return true }
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }

  static var style: ProgressLine.Style {
    ProgressLine.Style(hasBlocks: hasBlocks, hasColour: hasColour)
  }

  /// The columns of standard output at present, 20…1000. They change when a window is resized.
  static var columns: Int { columns(of: STDOUT_FILENO) }

  /// The columns of `stream`, 20…1000. Where it is no terminal, the variable COLUMNS gives them, or
  /// else there are 80.
  static func columns(of stream: Int32) -> Int {
    var size = winsize()
    let answered = ioctl(stream, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = answered ? Int(size.ws_col) : Int(variable("COLUMNS")) ?? 80
    return min(max(columns, 20), 1000)
  }
}

/// Prints a text for people. Lines that are wider than the terminal break at spaces.
func printWrapped(_ text: String) {
  print(text.wrapped(to: Terminal.columns))
}

/// Prints "name: path". In a log the path stays on one line, where a program can find it.
func printPath(_ name: String, _ path: String) {
  let line = "\(name): \(path.printable(limit: 4096))"
  print(isatty(STDOUT_FILENO) == 1 ? line.wrapped(to: Terminal.columns) : line)
}

/// Writes an error or a warning to standard error. On a terminal its lines break at spaces. In a
/// log it stays on one line, where a search can find it.
func complain(_ text: String) {
  LiveLine.clear()
  let message = "skein: \(text)"
  let isTerminal = isatty(STDERR_FILENO) == 1
  let shown = isTerminal ? message.wrapped(to: Terminal.columns(of: STDERR_FILENO)) : message
  TextStream.errors.write(shown + "\n")
}
