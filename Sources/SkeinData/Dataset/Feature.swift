/// A column of a table, and how it becomes elements of a sample.
///
/// A number x becomes Float((x − mean) / deviation), rounded once, and 0 where `deviation` is 0. A
/// category becomes one element per level: 1 for the level that it is, else 0; all of them are 0
/// for a level that nobody knows. Where values are missing in the training split, one more element
/// follows: 1 where the value is missing, else 0. A missing number is 0, the mean of the others.
public struct Feature: Codable, Sendable, Equatable {
  /// What a column holds.
  public enum Kind: String, Codable, Sendable {
    /// Numbers, which are standardised.
    case number
    /// One of several texts, each of which has an element.
    case category
  }

  /// The column's name.
  public var name: String
  /// What it holds.
  public var kind: Kind
  /// The mean of the numbers in the training split; nil for a category.
  public var mean: Double?
  /// Their standard deviation, √(Σ(x − mean)² / n); nil for a category.
  public var deviation: Double?
  /// The texts that the training split holds, in the order of their elements: by their bytes, or by
  /// their values where all are numbers. Nil for numbers.
  public var levels: [String]?
  /// Whether values are missing in the training split; nil for no.
  public var missing: Bool?

  private init(name: String, kind: Kind, missing: Bool) {
    (self.name, self.kind, self.missing) = (name, kind, missing ? true : nil)
  }

  /// A column of numbers.
  public static func number(
    _ name: String, mean: Double, deviation: Double, missing: Bool = false
  ) -> Feature {
    var feature = Feature(name: name, kind: .number, missing: missing)
    (feature.mean, feature.deviation) = (mean, deviation)
    return feature
  }

  /// A column of categories.
  public static func category(
    _ name: String, levels: [String], missing: Bool = false
  ) -> Feature {
    var feature = Feature(name: name, kind: .category, missing: missing)
    feature.levels = levels
    return feature
  }

  /// Whether it has an element that says that the value is missing.
  public var hasMissing: Bool { missing ?? false }

  /// How many elements of a sample it is.
  public var width: Int { (kind == .number ? 1 : levels?.count ?? 0) + (hasMissing ? 1 : 0) }

  /// Whether sound `features` make samples of `shape`. O(levels).
  package static func make(_ features: [Feature], _ shape: [Int]) -> Bool {
    features.allSatisfy { $0.fault == nil } && shape == [features.reduce(0) { $0 + $1.width }]
      && Set(features.map(\.name)).count == features.count
  }

  /// What is wrong with it, in words that follow its place; nil for nothing.
  var fault: (key: String, expected: String, found: String)? {
    if name.isEmpty { return ("name", "a column's name", "an empty one") }
    switch kind {
    case .number:
      guard let mean, let deviation, levels == nil else {
        return ("kind", "mean and deviation, and no levels, for numbers", "others")
      }
      guard mean.isFinite, deviation.isFinite, deviation >= 0 else {
        return ("deviation", "finite numbers, the deviation not below 0", "\(mean), \(deviation)")
      }
    case .category:
      guard let levels, mean == nil, deviation == nil else {
        return ("kind", "levels, and no mean and deviation, for a category", "others")
      }
      guard width > 0, Set(levels).count == levels.count else {
        return ("levels", "at least one, and levels that differ", "none, or a repeated one")
      }
    }
    return nil
  }
}

/// What else is known of the table that a dataset was made of.
public struct TableOrigin: Codable, Sendable, Equatable {
  /// The name of the column that holds the targets.
  public var target: String
  /// Texts that mean a missing value, beside the usual ones; nil for none.
  public var missing: [String]?
  /// How many columns the table has where its columns have no names; nil where they have.
  public var columns: Int?

  /// Sets every property.
  public init(target: String, missing: [String]? = nil, columns: Int? = nil) {
    (self.target, self.missing, self.columns) = (target, missing, columns)
  }
}
