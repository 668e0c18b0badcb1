extension String {
  /// This text, fit for a terminal, a log or a message: control, format and separator characters
  /// stand as `\u{1B}`, and text beyond `limit` characters is cut and ends in `…`.
  ///
  /// Names in datasets and checkpoints come from anywhere, and no escape sequence of theirs may
  /// reach a terminal. Every text from a file passes through here on its way to a message.
  /// O(`limit`).
  public func printable(limit: Int = 300) -> String {
    var result = ""
    for (written, scalar) in unicodeScalars.enumerated() {
      if written == limit { return result + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
        .unassigned:
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Zero-width and combining characters apart, how many columns this text takes in a terminal is
  /// its number of characters; shorter text is filled with spaces and longer text cut to `width`.
  func fitted(to width: Int) -> String {
    let shown = printable(limit: width)
    if shown.count > width { return String(shown.prefix(max(0, width - 1))) + "…" }
    return shown + String(repeating: " ", count: width - shown.count)
  }
}
