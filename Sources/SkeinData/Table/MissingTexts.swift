/// The texts that mean a missing value.
struct MissingTexts {
  /// Those that need not be said: what pandas and R write.
  static let usual = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
  ]

  private let texts: LevelTable
  /// Whether some byte begins one of them.
  private let begins: [Bool]
  /// Whether one of them is a number too, as −999.
  let hasNumbers: Bool

  /// - Parameter more: further texts.
  init(_ more: [String], _ numbers: DecimalReader) {
    let all = Self.usual + more
    texts = LevelTable(all)
    var begins = [Bool](repeating: false, count: 256)
    for text in all { if let first = text.utf8.first { begins[Int(first)] = true } }
    self.begins = begins
    hasNumbers = more.contains { text in
      var text = text
      return text.withUTF8 { numbers.read($0) } != nil
    }
  }

  /// Whether `text` means a missing value: nothing at all does.
  @inline(__always)
  func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first else { return true }
    return begins[Int(first)] && texts.find(text) != nil
  }
}
