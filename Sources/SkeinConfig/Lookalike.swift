/// A character that looks like another one on most screens. Word processors and web pages write
/// such characters in place of those on a keyboard.
public struct Lookalike: Sendable, Equatable {
  /// The name of the character, such as "a no-break space, U+00A0".
  public let name: String
  /// The character that was meant.
  public let meant: Character

  /// The lookalike that `scalar` is; nil for a character that does not look like another one.
  public init?(_ scalar: Unicode.Scalar?) {
    guard let scalar, !scalar.isASCII else { return nil }
    let (kind, meant): (String, Character)
    switch scalar {
    case "\u{A0}", "\u{202F}": (kind, meant) = ("a no-break space", " ")
    case "\u{3000}": (kind, meant) = ("a wide space", " ")
    case _ where scalar.properties.generalCategory == .spaceSeparator:
      (kind, meant) = ("an unusual space", " ")
    case "“", "”", "„", "‟", "«", "»": (kind, meant) = ("a curly quote", "\"")
    case "‘", "’", "‚", "‛": (kind, meant) = ("a curly quote", "'")
    case "‐", "‑", "‒": (kind, meant) = ("a special hyphen", "-")
    case "–": (kind, meant) = ("an en dash", "-")
    case "—", "―": (kind, meant) = ("an em dash", "-")
    case "−", "﹣", "－": (kind, meant) = ("a special minus", "-")
    case "：": (kind, meant) = ("a wide colon", ":")
    case "，": (kind, meant) = ("a wide comma", ",")
    case "［": (kind, meant) = ("a wide bracket", "[")
    case "］": (kind, meant) = ("a wide bracket", "]")
    case "＝": (kind, meant) = ("a wide equals sign", "=")
    default: return nil
    }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    self.name = "\(kind), U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    self.meant = meant
  }

  /// What to write instead.
  var advice: String {
    switch meant {
    case " ": "write a plain space"
    case "-": "write a plain -"
    default: "write a plain \(meant)"
    }
  }

  /// The first lookalike that spoils `text` as a plain value or key of a job file, and its index.
  ///
  /// A strange space or bracket never belongs there. A quote may stand within a word, as in don’t.
  /// A dash may too, except where the text is a number with a minus in its place.
  static func first(in text: some Collection<Unicode.Scalar>) -> (index: Int, found: Lookalike)? {
    var isFirst = true
    var plain = ""
    var dash: (index: Int, found: Lookalike)?
    for (index, scalar) in text.enumerated() {
      defer { isFirst = false }
      guard let found = Lookalike(scalar) else {
        plain.unicodeScalars.append(scalar)
        continue
      }
      switch found.meant {
      case "-" where !isFirst:
        dash = dash ?? (index, found)
        plain.append("-")
      case "\"" where !isFirst, "'" where !isFirst: plain.append(found.meant)
      default: return (index, found)
      }
    }
    return YamlNumber.isNumber(plain) ? dash : nil
  }
}
