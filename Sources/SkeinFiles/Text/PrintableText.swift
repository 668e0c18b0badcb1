extension String {
  /// This text, fit for a terminal, a log or a message: control, format and separator characters
  /// stand as `\u{1B}`, bytes of names that are no text as `\xFF`, and text beyond `limit`
  /// characters is cut and ends in `…`.
  ///
  /// Names in datasets and checkpoints come from anywhere, and no escape sequence of theirs may
  /// reach a terminal. Every text from a file passes through here on its way to a message.
  /// O(`limit`).
  public func printable(limit: Int = 300) -> String {
    var result = ""
    for (written, scalar) in unicodeScalars.enumerated() {
      if written == limit { return result + "…" }
      if let byte = PathBytes.byte(scalar) {
        result += "\\x" + String(byte, radix: 16, uppercase: true)
        continue
      }
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

  /// How many columns of a terminal this text takes: East Asian wide characters and emoji take two,
  /// combining marks none. O(length).
  public var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

  /// This text in at most `width` columns; where it is wider, it is cut and ends in `…`.
  public func cut(to width: Int) -> String {
    guard columns > width else { return self }
    return prefix(columns: width - 1) + (width > 0 ? "…" : "")
  }

  /// This text in at most `width` columns; where it is wider, its middle is left out: of a path the
  /// root and the last part say most.
  public func shortened(to width: Int) -> String {
    guard columns > width else { return self }
    guard width > 8 else { return cut(to: width) }
    let head = prefix(columns: (width - 1) / 3)
    let tail = String(reversed()).prefix(columns: width - 1 - head.columns)
    return head + "…" + String(tail.reversed())
  }

  /// This text, printable, in exactly `width` columns: shorter text is filled with spaces and
  /// longer text is cut.
  public func fitted(to width: Int) -> String {
    let shown = printable(limit: max(0, width)).cut(to: width)
    return shown + String(repeating: " ", count: max(0, width - shown.columns))
  }

  /// The characters from the first on that fit into `width` columns; marks stay with their letter.
  func prefix(columns width: Int) -> String {
    var result = ""
    var left = width
    for character in self {
      left -= String(character).columns
      guard left >= 0 else { break }
      result.append(character)
    }
    return result
  }
}

extension Unicode.Scalar {
  /// What a terminal gives it: 0, 1 or 2 columns.
  var columns: Int {
    if isASCII { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // The vowels and final consonants of a Hangul syllable stand in its first letter's columns.
    if (0x1160...0x11FF).contains(value) { return 0 }
    return Self.wide.contains { $0.contains(value) } || isWidePicture ? 2 : 1
  }

  /// Emoji that show as pictures by themselves; a flag's letters are one column each.
  private var isWidePicture: Bool {
    properties.isEmojiPresentation && !(0x1F1E6...0x1F1FF).contains(value)
  }

  /// Wide and full-width characters: Unicode's EastAsianWidth W and F, without emoji.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
    0x20000...0x3FFFD,
  ]
}
