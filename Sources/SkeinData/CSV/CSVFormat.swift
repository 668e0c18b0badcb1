/// How a table is written: what stands between fields, in numbers, and in the first record.
public struct CSVFormat: Sendable, Equatable {
  static let quote = UInt8(ascii: "\"")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  /// The byte between fields: a comma, a semicolon, a tab, or any other byte of ASCII but quotes,
  /// line breaks, letters, digits and what else numbers consist of.
  public var delimiter: UInt8
  /// The byte between a number's units and tenths: a point or a comma.
  public var decimal: UInt8
  /// Whether the first record holds the columns' names.
  public var hasHeader: Bool

  /// - Parameters:
  ///   - delimiter: the byte between fields.
  ///   - decimal: the byte between a number's units and tenths.
  ///   - hasHeader: whether the first record holds the columns' names.
  public init(
    delimiter: UInt8 = UInt8(ascii: ","), decimal: UInt8 = UInt8(ascii: "."),
    hasHeader: Bool = true
  ) {
    self.delimiter = delimiter
    self.decimal = decimal
    self.hasHeader = hasHeader
  }

  /// What a user says of a format; nil for what the file's front tells.
  public struct Wish: Sendable, Equatable {
    /// The byte between fields.
    public var delimiter: UInt8?
    /// The byte between a number's units and tenths.
    public var decimal: UInt8?
    /// Whether the first record holds the columns' names.
    public var hasHeader: Bool?

    /// Leaves to the file what is nil.
    public init(delimiter: UInt8? = nil, decimal: UInt8? = nil, hasHeader: Bool? = nil) {
      self.delimiter = delimiter
      self.decimal = decimal
      self.hasHeader = hasHeader
    }
  }

  /// `fields between commas, decimal point`, for people.
  public var text: String {
    let names: [UInt8: String] = [
      UInt8(ascii: ","): "commas", UInt8(ascii: ";"): "semicolons", UInt8(ascii: "\t"): "tabs",
      UInt8(ascii: " "): "spaces",
    ]
    let between = names[delimiter] ?? "\"\(Character(Unicode.Scalar(delimiter)))\""
    let mark = decimal == UInt8(ascii: ",") ? "comma" : "point"
    return "fields between \(between), decimal \(mark)"
      + (hasHeader ? "" : ", no names in the first record")
  }
}
