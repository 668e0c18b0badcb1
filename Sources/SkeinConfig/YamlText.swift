/// Writes values as YAML that reads back as the same value.
enum YamlText {
  /// `text` as it is where no reader can misread it, or else in double quotes.
  static func quoted(_ text: String) -> String {
    if isSafe(text) { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if isVisible(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          let digits = String(scalar.value, radix: 16)
          result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
      }
    }
    return result + "\""
  }

  /// The shortest decimal that reads back as `value`; whole numbers without a point.
  static func number<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    _ value: Value
  ) -> String {
    guard abs(value) < 1e6, let whole = Int(exactly: value), whole != 0 || value.sign == .plus
    else { return String(value) }
    return String(whole)
  }

  /// Whether `text` without quotes can only be read as that text, also inside brackets.
  private static func isSafe(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    let words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
    return (isLetter(first) || first == "/" || text.hasPrefix("./") || text.hasPrefix("../"))
      && text.unicodeScalars.allSatisfy {
        isLetter($0) || "0123456789._-/+@".contains(Character($0))
      }
      && !words.contains(text.lowercased())
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
    default: true
    }
  }
}
