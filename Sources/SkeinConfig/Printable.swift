extension String {
  /// The text with control characters and invisible format characters as `\u{…}`, cut after
  /// `limit` characters: what a file says, safe for a terminal.
  ///
  /// - Complexity: O(`limit`), and not the text's length.
  func printable(limit: Int = 80) -> String {
    var result = ""
    var rest = unicodeScalars[...]
    for _ in 0..<limit {
      guard let scalar = rest.popFirst() else { return result }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return rest.isEmpty ? result : result + "…"
  }
}
