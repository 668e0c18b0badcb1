import SkeinFiles

/// One thing that is wrong with a job: where, what, and what to do.
public struct JobError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The job file as it was named, or the setting, as `--set optimizer.learningRate=x`.
  public let file: String
  /// The line, from 1; nil for a setting, and for a file that could not be read at all.
  public let line: Int?
  /// The column in Unicode scalars, from 1.
  public let column: Int?
  /// What was expected and what was found.
  public let message: String
  /// The offending text, printable; empty where something is missing.
  public let text: String
  /// What to do instead: the nearest valid key, the section it belongs to.
  public let suggestion: String?

  /// `file:line:column: message; suggestion`.
  public var description: String {
    var place = file.printable(limit: 4096)
    if let line, let column { place += ":\(line):\(column)" }
    return "\(place): \(message)" + (suggestion.map { "; \($0)" } ?? "")
  }
}

/// Everything that is wrong with a job, in the order of the file, then of the settings.
public struct JobErrors: Error, Sendable, Equatable, CustomStringConvertible {
  public let errors: [JobError]

  /// One line per error.
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// Where a YAML text comes from; makes its errors.
struct JobSource: Sendable, Equatable {
  /// A path, or a whole `--set` argument.
  let name: String
  /// Whether lines and columns help a reader: in a file, not in an argument.
  let hasLines: Bool

  /// An error about all of it.
  func error(_ message: String, text: String = "", suggestion: String? = nil) -> JobError {
    JobError(
      file: name, line: nil, column: nil, message: message, text: text, suggestion: suggestion)
  }

  /// An error at one place of it.
  func error(
    at place: Place, _ message: String, text: String = "", suggestion: String? = nil
  ) -> JobError {
    JobError(
      file: name, line: hasLines ? place.line : nil, column: hasLines ? place.column : nil,
      message: message, text: text.printable(limit: 80), suggestion: suggestion)
  }
}

/// A place in a text; both count from 1, columns in Unicode scalars.
struct Place: Sendable, Hashable, Comparable {
  var line: Int
  var column: Int

  static let start = Place(line: 1, column: 1)

  static func < (a: Place, b: Place) -> Bool { (a.line, a.column) < (b.line, b.column) }
}
