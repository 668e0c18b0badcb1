import Foundation

/// JSON for people, terminals and pages: only characters that show, and none that change the
/// direction of text or a terminal's state. Everything else stands as an escape, which means the
/// same.
public enum JSONText {
  /// `value` as JSON, keys sorted.
  ///
  /// - Parameter spellsInfinity: whether numbers that are not finite become texts.
  /// - Throws: `EncodingError` where `value` has no form in JSON, as other numbers have that are
  ///   not finite.
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

  /// `json` with an escape for every character that shows nothing of its own: they only occur
  /// inside strings. O(length), byte by byte where it is ASCII, as most of a page is.
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

  /// Controls, format characters such as overrides of direction, separators of lines, and what no
  /// font has.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    default: false
    }
  }
}
