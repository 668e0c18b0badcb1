/// Text on its way into XML and HTML.
public enum Markup {
  /// `text` with every character that means something in markup written as a reference, and every
  /// character that XML cannot hold, or that changes the direction of text, as U+FFFD.
  ///
  /// The result is safe as content and between either kind of quotes. O(length).
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(isPlain(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return result
  }

  /// `json` as it can stand inside `<script type="application/json">`: `<`, `>` and `&` only occur
  /// in strings of JSON, where an escape means the same character.
  public static func embedded(json: String) -> String {
    var result = ""
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<", ">", "&", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: false
    // Embeddings, overrides and isolates, which can make a text read as another one.
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: false
    default: scalar.value & 0xFFFE != 0xFFFE
    }
  }
}
