/// What targets are that are values: the names of a sample's outputs, and how they are
/// standardised.
///
/// A network learns values best that lie about 0 and spread by about 1. So where mean m and
/// deviation s of an output are given, a source gives (t − m) / s for its target t, and what a user
/// sees is undone: y · s + m.
public struct ValueTargets: Codable, Sendable, Equatable {
  /// The name of each output, such as "price".
  public var names: [String]
  /// The mean of each output over the training split; nil where targets stay as they are.
  public var mean: [Double]?
  /// The standard deviation of each output over the training split, > 0: √(Σ (t − m)² / n). Nil
  /// just where `mean` is.
  public var deviation: [Double]?

  /// Sets every property. Nothing is checked: a manifest is, when it is read.
  public init(names: [String], mean: [Double]? = nil, deviation: [Double]? = nil) {
    self.names = names
    self.mean = mean
    self.deviation = deviation
  }

  /// What output `index` is called where nobody has named it: "target 1" is the first one.
  public static func name(_ index: Int) -> String { "target \(index + 1)" }

  /// How many outputs there are.
  public var count: Int { names.count }

  /// Whether a source standardises the targets.
  public var areStandardised: Bool { mean != nil && deviation != nil }

  /// The mean that is taken off output `column`; 0 where targets stay as they are.
  public func mean(of column: Int) -> Double { mean?[column] ?? 0 }

  /// The deviation that output `column` is divided by; 1 where targets stay as they are.
  public func deviation(of column: Int) -> Double { deviation?[column] ?? 1 }

  /// A target of output `column` as a network sees it: (t − m) / s, in Double, rounded once.
  public func standardised(_ target: Float, _ column: Int) -> Float {
    guard let mean, let deviation else { return target }
    return Float((Double(target) - mean[column]) / deviation[column])
  }

  /// What `value` of output `column`, as a network gives it, means in the target's own unit.
  public func restored(_ value: Float, _ column: Int) -> Double {
    Double(value) * deviation(of: column) + mean(of: column)
  }
}
