/// Makes text safe inside XML and HTML.
public enum Markup {
  /// `text` as it can stand in content and between either kind of quotes. O(length).
  ///
  /// Characters with a meaning in markup become references. Characters that XML cannot hold, or
  /// that change the direction of text, become U+FFFD.
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

  /// `json` as it can stand inside `<script type="application/json">`, with `<`, `>` and `&` as
  /// escapes. They occur only in strings of JSON, where an escape means the same.
  ///
  /// O(length), byte by byte, because most of a page passes through here.
  public static func embedded(json: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(json.utf8.count + 1024)
    for byte in json.utf8 {
      switch byte {
      case UInt8(ascii: "<"): result += "\\u003c".utf8
      case UInt8(ascii: ">"): result += "\\u003e".utf8
      case UInt8(ascii: "&"): result += "\\u0026".utf8
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a character may stand as it is.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: false
    // Marks, embeddings, overrides and isolates can make a text read as another one.
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: false
    default: scalar.value & 0xFFFE != 0xFFFE
    }
  }
}
