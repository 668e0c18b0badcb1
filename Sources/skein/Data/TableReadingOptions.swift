import ArgumentParser
import SkeinData
import SkeinFiles

/// The options of all commands that read tables.
struct TableReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What stands between fields: a character, or tab. Default: what the first lines tell.",
      valueName: "character"))
  var delimiter: String?

  @Option(
    help: ArgumentHelp(
      "What stands between a number's units and tenths: . or a comma.",
      discussion: """
        Default: a point, unless fields stand between other characters than commas and the first \
        lines have numbers with a comma.
        """,
      valueName: "mark"))
  var decimal: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether the first line has the columns' names. Default: what the first lines tell.")
  var header: Bool?

  @Option(
    help: ArgumentHelp(
      "Further texts that mean a missing value, beside nothing, NA, NaN, null and the like.",
      valueName: "?,-999"))
  var missing: String?

  func validate() throws {
    if let delimiter, format.delimiter == nil {
      throw ValidationError(
        "--delimiter wants one character that is no letter, digit, quote, point or sign, or the "
          + "word tab, not \"\(delimiter.printable(limit: 80))\".")
    }
    if let decimal, format.decimal == nil {
      throw ValidationError(
        "--decimal wants . or a comma, not \"\(decimal.printable(limit: 80))\".")
    }
    if let mark = format.decimal, mark == format.delimiter {
      throw ValidationError("--delimiter and --decimal want different characters.")
    }
    if let missing { _ = try Self.parts(of: missing, "--missing") }
  }

  /// How the file is written, as far as the user says so.
  var format: CSVFormat.Wish {
    CSVFormat.Wish(
      delimiter: delimiter.flatMap(Self.delimiter),
      decimal: decimal.flatMap { [",", "."].contains($0) ? $0.utf8.first : nil },
      hasHeader: header)
  }

  private static func delimiter(_ text: String) -> UInt8? {
    if text == "tab" || text == "\\t" { return UInt8(ascii: "\t") }
    guard let byte = text.utf8.first, text.utf8.count == 1, byte == 9 || 0x20..<0x7F ~= byte,
      !Character(Unicode.Scalar(byte)).isLetter, !Character(Unicode.Scalar(byte)).isNumber,
      !"\"+-.".utf8.contains(byte)
    else { return nil }
    return byte
  }

  /// The further texts that mean a missing value.
  var missingTexts: [String] { missing.flatMap { try? CSVList.parts(of: $0) } ?? [] }

  /// The parts of a list such as `age,sex`; one with a comma in it stands in quotes.
  ///
  /// - Throws: `ValidationError` for quotes that are not closed.
  static func parts(of text: String, _ option: String) throws -> [String] {
    do {
      return try CSVList.parts(of: text)
    } catch {
      throw ValidationError(
        "\(option) wants parts between commas, not \"\(text.printable(limit: 200))\"; one with a "
          + "comma stands in quotes.")
    }
  }
}
