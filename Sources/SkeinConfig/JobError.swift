import SkeinFiles

/// One error in a job: where it is, what is wrong, and what to do.
public struct JobError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The job file as the caller named it, or the setting, such as `--set optimizer.learningRate=x`.
  public let file: String
  /// The line, from 1 on; nil for a setting, and for a file that cannot be read.
  public let line: Int?
  /// The column in Unicode scalars, from 1 on; nil where `line` is nil.
  public let column: Int?
  /// What was expected and what was found.
  public let message: String
  /// The wrong text, printable; empty where something is missing.
  public let text: String
  /// What to do instead, such as the nearest valid key; nil where there is nothing to suggest.
  public let suggestion: String?

  /// `file:line:column: message; suggestion`.
  public var description: String {
    var place = file.printable(limit: 4096)
    if let line, let column { place += ":\(line):\(column)" }
    return "\(place): \(message)" + (suggestion.map { "; \($0)" } ?? "")
  }
}

/// All errors of a job: those of the file in their order, then those of the settings. The command
/// line ends with exit code 2.
public struct JobErrors: ExitCoded, Sendable, Equatable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 2 }

  /// The errors; there is at least one.
  public let errors: [JobError]

  /// One line per error.
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// Where a YAML text comes from. It makes the errors for that text.
struct JobSource: Sendable, Equatable {
  /// A path, or a whole `--set` argument.
  let name: String
  /// Whether errors name a line and a column. Those help in a file, and not in an argument.
  let hasLines: Bool

  /// An error about the whole text.
  func error(_ message: String, text: String = "", suggestion: String? = nil) -> JobError {
    JobError(
      file: name, line: nil, column: nil, message: message, text: text, suggestion: suggestion)
  }

  /// An error at one place of the text.
  func error(
    at place: Place, _ message: String, text: String = "", suggestion: String? = nil
  ) -> JobError {
    JobError(
      file: name, line: hasLines ? place.line : nil, column: hasLines ? place.column : nil,
      message: message, text: text.printable(limit: 80), suggestion: suggestion)
  }
}

/// A place in a text. Lines and columns count from 1 on, and columns count Unicode scalars.
struct Place: Sendable, Hashable, Comparable {
  var line: Int
  var column: Int

  static let start = Place(line: 1, column: 1)

  static func < (a: Place, b: Place) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
