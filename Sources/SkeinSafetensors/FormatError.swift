import SkeinFiles

/// A checkpoint that cannot be used: where, what was expected, what was found, what to do.
///
/// The command line ends with exit code 6.
public struct FormatError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The exit code of the command line for this error.
  public static let exitCode: Int32 = 6

  /// The file as the user knows it.
  public let file: String
  /// Which part of it, as "header, byte 120" or "tensor 'layers.0.weight'".
  public let what: String
  public let expected: String
  public let found: String
  /// What the user can do about it, where expected and found do not say it all.
  public let advice: String?

  public init(
    file: String, what: String, expected: String, found: String, advice: String? = nil
  ) {
    self.file = file
    self.what = what
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  /// `file: what: expected …, found …; advice`, in one line without control characters.
  public var description: String {
    let parts = [file, what, expected, found].map { $0.printable(limit: 1000) }
    return "\(parts[0]): \(parts[1]): expected \(parts[2]), found \(parts[3])"
      + (advice.map { "; \($0)" } ?? "")
  }
}
