import Foundation
import SkeinReport

/// What standard output is, and what can be shown on it.
enum Terminal {
  private static func variable(_ name: String) -> String {
    ProcessInfo.processInfo.environment[name] ?? ""
  }

  /// Whether it is a terminal that can overwrite a line.
  static var isLive: Bool { isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb" }

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

  /// Its columns as they are now; `fallback` where it is no terminal.
  static func columns(orElse fallback: Int) -> Int {
    var size = winsize()
    let answered = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    return answered && size.ws_col > 0 ? Int(size.ws_col) : fallback
  }
}
