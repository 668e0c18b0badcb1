/// How a user says that array files are to be read; the defaults take them as they are.
public struct ArrayReading: Sendable {
  /// What the targets in an array are.
  public enum Targets: Sendable {
    /// What they look like: integers and whole numbers are labels, numbers with fractions values.
    case guessed
    /// Labels of classes.
    case labels
    /// Values, whatever their type.
    case values
  }

  /// What the targets are.
  public var targets: Targets
  /// The label that stands for the first class: 1 where labels run from 1 on.
  public var firstLabel: Int32
  /// Which column of targets of shape [N, K] holds the class or the value, from 0 on; nil for
  /// labels that are a list, or one-hot, and for all columns of values.
  public var labelColumn: Int?
  /// The dimensions of a sample where the file has other ones, with as many elements.
  public var sampleShape: [Int]?
  /// Whether the two dimensions of an image change places.
  public var transposes: Bool
  /// Told what was understood or looks wrong, one sentence each.
  public var note: @Sendable (String) -> Void

  /// The default for each says: as the file has it.
  public init(
    targets: Targets = .guessed, firstLabel: Int32 = 0, labelColumn: Int? = nil,
    sampleShape: [Int]? = nil, transposes: Bool = false,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.targets = targets
    self.firstLabel = firstLabel
    self.labelColumn = labelColumn
    self.sampleShape = sampleShape
    self.transposes = transposes
    self.note = note
  }

  /// The dimensions of the samples in an array of `shape`, whose first dimension counts them,
  /// before images are turned.
  ///
  /// - Throws: `DataError`; `name` is the file to blame.
  func sampleShape(of shape: [Int], name: String) throws -> [Int] {
    guard let sampleShape else { return Array(shape.dropFirst()) }
    guard sampleShape.allSatisfy({ $0 > 0 }), !sampleShape.isEmpty,
      ArrayShape.product(sampleShape) == ArrayShape.product(shape.dropFirst())
    else {
      throw DataError(
        name, at: "header", expected: "samples that --shape \(Self.text(sampleShape)) fits",
        found: ArrayShape.text(Array(shape.dropFirst())))
    }
    return sampleShape
  }

  private static func text(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: ",")
  }
}
