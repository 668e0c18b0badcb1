/// What a user says about a table that becomes a dataset.
public struct TableOptions: Sendable {
  /// The column that holds the targets.
  public var target: String
  /// Whether the targets are values, and not classes.
  public var isRegression: Bool
  /// The column that says how much a row counts in the loss; nil where all count the same.
  public var weight: String?
  /// Columns that are left out.
  public var ignored: [String] = []
  /// Columns that hold numbers, whatever the file's first guess is.
  public var numbers: [String] = []
  /// Columns that hold categories.
  public var categories: [String] = []
  /// Further texts that mean a missing value.
  public var missing: [String] = []
  /// How the file is written, as far as the user says so.
  public var format = CSVFormat.Wish()
  /// A file with the split test; nil to hold out some rows.
  public var testFile: String?
  /// The part of the rows that is held out where there is no file of them, 0 or 10⁻⁶ to 0.999.
  public var testShare = usualShare
  /// Chooses the rows that are held out; its low 32 bits count.
  public var seed: UInt64 = 0

  /// The defaults guess everything but the target.
  public init(target: String, isRegression: Bool = false) {
    (self.target, self.isRegression) = (target, isRegression)
  }

  /// The part of the rows that is held out where nobody says another one.
  public static let usualShare = 0.2
  /// The most levels of a column that is guessed to be a category.
  static let guessedLevels = 1000
  /// The most levels of a column that the user calls one, and of the target.
  static let namedLevels = 1 << 15
}
