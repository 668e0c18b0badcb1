import SkeinData
import SkeinFiles

/// What a run keeps about the samples that it was trained on.
///
/// Prediction and evaluation need no more of the dataset, so a run can be used without it.
public struct RunData: Codable, Sendable, Equatable {
  /// The dataset's name.
  public var dataset: String
  /// The dataset's identity: a SHA-256 in hexadecimal.
  public var identity: String
  /// The names of the classes. The network's output `i` stands for `classes[i]`. None where targets
  /// are values.
  public var classes: [String]
  /// The outputs' names, and how targets were standardised, where they are values; nil where they
  /// are classes.
  public var targets: ValueTargets?
  /// The dimensions of one sample, such as [28, 28].
  public var shape: [Int]
  /// The type that the elements were stored in.
  public var type: ElementType
  /// The divisor of every element, > 0.
  public var scale: Float
  /// The smallest finite element of the training split, before the division; nil where it is not
  /// known, as in runs of the first edition.
  public var least: Float?
  /// The largest finite element of the training split, likewise.
  public var greatest: Float?
  /// How many samples each split had, by its name; nil where that is not known.
  public var splits: [String: Int]?

  /// The columns of the table that samples are made of; nil where they are made of something else.
  public var features: [Feature]?
  /// What else is known of that table.
  public var table: TableOrigin?

  /// Sets every property, but for a table's. Nothing is checked.
  public init(
    dataset: String, identity: String, classes: [String], targets: ValueTargets? = nil,
    shape: [Int], type: ElementType, scale: Float, least: Float? = nil, greatest: Float? = nil,
    splits: [String: Int]? = nil
  ) {
    self.dataset = dataset
    self.identity = identity
    self.classes = classes
    self.targets = targets
    self.shape = shape
    self.type = type
    self.scale = scale
    self.least = least
    self.greatest = greatest
    self.splits = splits
  }

  /// What `manifest` says about a dataset of `identity` whose elements are divided by `scale`. The
  /// range of the elements stays unknown.
  public init(_ manifest: Manifest, identity: String, scale: Float) {
    self.init(
      dataset: manifest.name, identity: identity, classes: manifest.classes,
      targets: manifest.targets?.values, shape: manifest.sample.shape, type: manifest.sample.type,
      scale: scale,
      splits: Dictionary(
        uniqueKeysWithValues: manifest.splitNames.map { ($0, manifest.count(of: $0) ?? 0) }))
    (features, table) = (manifest.features, manifest.table)
  }

  /// The number of elements of one sample; nil where no sample can have the shape.
  ///
  /// It checks the shape, because the file may come from a stranger.
  public var sampleSize: Int? {
    var size = 1
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow, product <= Int(Int32.max) else { return nil }
      size = product
    }
    return shape.isEmpty ? nil : size
  }

  /// What the targets are: classes, or values.
  public var target: TargetKind {
    targets.map { .values($0.count) } ?? .classes(classes.count)
  }

  /// Whether there are outputs, and numbers that targets can have been standardised by. They may
  /// come from a stranger's file.
  var hasSoundTargets: Bool {
    guard let targets else { return !classes.isEmpty }
    let numbers = [targets.mean, targets.deviation]
    return classes.isEmpty && targets.count > 0 && (numbers[0] == nil) == (numbers[1] == nil)
      && numbers.allSatisfy { $0.map { $0.count == targets.count } ?? true }
      && numbers.allSatisfy { $0?.allSatisfy(\.isFinite) ?? true }
      && targets.deviation?.allSatisfy { $0 > 0 } ?? true
  }

  /// Whether `other` has the same dataset, with samples that enter the network in the same way.
  public func isSameDataset(as other: RunData) -> Bool {
    identity == other.identity && scale == other.scale && classes == other.classes
      && targets == other.targets && shape == other.shape && type == other.type
  }

  /// How `other` differs from these samples, one line for each difference. A split's size is
  /// compared only where both sides know it.
  public func differences(from other: RunData) -> [String] {
    var lines: [String] = []
    func add(_ what: String, _ old: String, _ new: String) {
      if old != new { lines.append("\(what): \(old.printable()) → \(new.printable())") }
    }
    add("name", dataset, other.dataset)
    add("element type", type.rawValue, other.type.rawValue)
    if classes != other.classes {
      let isOrder = classes.sorted() == other.classes.sorted()
      let index = zip(classes, other.classes).prefix { $0 == $1 }.count
      let pair = [classes, other.classes].map { $0.indices.contains(index) ? $0[index] : "none" }
      lines.append(
        (isOrder ? "the classes' order" : "the classes' names")
          + ": class \(index) is \(pair[0].printable()) → \(pair[1].printable())")
    }
    if let targets, let others = other.targets, targets != others {
      add(
        "the targets' names", targets.names.joined(separator: ", "),
        others.names.joined(separator: ", "))
      if targets.mean != others.mean || targets.deviation != others.deviation {
        lines.append("the targets' means and deviations")
      }
    }
    for (name, count) in (splits ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let new = other.splits?[name] else { continue }
      add("split \(name.printable())", counted(count, "sample"), counted(new, "sample"))
    }
    return lines
  }
}
