/// A file that cannot be used: where, what was expected, what was found, what to do.
///
/// It is thrown about the files that a run writes and reads again: checkpoints, the history,
/// `metrics.jsonl`, `data.json`. A dataset's files give a `DataError`, and a job file `JobErrors`.
/// The command line ends with exit code 6.
public struct FormatError: ExitCoded, Sendable, Equatable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public var exitCode: Int32 { 6 }

  /// The file as the user knows it.
  public let file: String
  /// Which part of it, as "header, byte 120", "tensor 'layers.0.weight'" or "line 3".
  public let what: String
  /// What should stand there, in words that follow "expected".
  public let expected: String
  /// What stands there, in words that follow "found".
  public let found: String
  /// What the user can do about it, where expected and found do not say it all.
  public let advice: String?

  /// - Parameters:
  ///   - file: the file as the user knows it.
  ///   - what: which part of it.
  ///   - expected: what should stand there.
  ///   - found: what stands there.
  ///   - advice: what the user can do about it; nil where the rest says so.
  public init(
    file: String, what: String, expected: String, found: String, advice: String? = nil
  ) {
    self.file = file
    self.what = what
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// The same error with other advice; nil for none.
  package func advising(_ advice: String?) -> FormatError {
    FormatError(file: file, what: what, expected: expected, found: found, advice: advice)
  }

  /// `file: what: expected …, found …; advice`, in one line without control characters.
  public var description: String {
    let parts = [file, what, expected, found].map { $0.printable(limit: 1000) }
    return "\(parts[0]): \(parts[1]): expected \(parts[2]), found \(parts[3])"
      + (advice.map { "; \($0)" } ?? "")
  }
}
