import Foundation

/// JSON for terminals and pages. It has an escape in place of every character that is invisible, or
/// that changes the direction of text or the state of a terminal. The escape means the same
/// character.
public enum JSONText {
  /// `value` as JSON, with sorted keys. O(length).
  ///
  /// - Parameters:
  ///   - value: what to write.
  ///   - isPretty: whether the JSON has line breaks and indentation.
  ///   - spellsInfinity: whether numbers that are not finite become the texts "∞", "−∞" and "–".
  /// - Throws: `EncodingError` where JSON cannot hold `value`, as with numbers that are not finite
  ///   and not spelled.
  public static func encode(
    _ value: some Encodable, isPretty: Bool = false, spellsInfinity: Bool = false
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    if spellsInfinity {
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "∞", negativeInfinity: "−∞", nan: "–")
    }
    return escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// `json` with an escape for every invisible character. Such characters occur only in strings,
  /// where an escape means the same. O(length).
  static func escaped(_ json: String) -> String {
    let isPlain = json.utf8.allSatisfy { $0 < 0x7F }
    if isPlain { return json }
    var result = ""
    result.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
      guard scalar.value >= 0x7F, isHidden(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }

  /// Whether a character is invisible: a control, a format character such as an override of
  /// direction, a separator of lines, or a code point without a character.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    default: false
    }
  }
}
