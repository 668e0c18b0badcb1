/// Which texts are numbers in a job file: those that all YAML readers take for the same number.
enum YamlNumber {
  /// Decimal digits with an optional sign, without leading zeros.
  static func isInteger(_ text: String) -> Bool {
    let digits = unsigned(text)
    return !digits.isEmpty && digits.utf8.allSatisfy(isDigit)
      && (digits.count == 1 || digits.first != "0")
  }

  /// Decimal digits with an optional sign, point and exponent, such as 5, 0.5, .5, 5. or 1e-4.
  static func isNumber(_ text: String) -> Bool {
    let parts = unsigned(text).split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard let mantissa = parts.first, parts.count <= 2 else { return false }
    if parts.count == 2 {
      let exponent = unsigned(parts[1])
      guard !exponent.isEmpty, exponent.utf8.allSatisfy(isDigit) else { return false }
    }
    let digits = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let whole = digits[0]
    return digits.count <= 2 && digits.contains { !$0.isEmpty }
      && digits.allSatisfy { $0.utf8.allSatisfy(isDigit) }
      && (whole.count <= 1 || whole.first != "0")
  }

  /// What to say about a value that looks like a number and is not one; nil for other values.
  static func advice(_ node: YamlNode, isWhole: Bool) -> String? {
    guard let text = node.scalar, text.utf8.count <= 64 else { return nil }
    let isMeant = isWhole ? isInteger(text) : isNumber(text)
    if node.plain == nil { return isMeant ? "write it without quotes" : nil }
    let bare = text.lowercased()
    if bare.hasSuffix("nan") || bare.hasSuffix("inf") { return "it must be finite" }
    if bare.contains("_") || bare.hasPrefix("0x") || bare.hasPrefix("0o") {
      return "write decimal digits only"
    }
    if text.contains(",") { return "write a decimal point" }
    if isWhole, isNumber(text) { return "write decimal digits only, without point or exponent" }
    return isNumber(String(text.drop { $0 == "0" })) ? "write it without leading zeros" : nil
  }

  private static func unsigned<Text: StringProtocol>(_ text: Text) -> Text.SubSequence {
    text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
