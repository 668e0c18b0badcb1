import SkeinData
import SkeinFiles

/// What a run knows of the samples that it was trained on: all that predicting and evaluating need
/// of a dataset, so that a run can be used where its dataset is not.
public struct RunData: Codable, Sendable, Equatable {
  /// The dataset's name and its identity, a SHA-256 in hexadecimal.
  public var dataset: String
  public var identity: String
  /// The names of the classes; output `i` of the network means `classes[i]`.
  public var classes: [String]
  /// The dimensions of one sample, such as [28, 28], and the type that its elements were stored in.
  public var shape: [Int]
  public var type: ElementType
  /// What every element was divided by.
  public var scale: Float
  /// The least and the greatest finite element of the training split, before the division; nil
  /// where they are not known, as in runs of the first edition.
  public var least: Float?
  public var greatest: Float?
  /// How many samples each split had, by its name; nil where that is not known.
  public var splits: [String: Int]?

  public init(
    dataset: String, identity: String, classes: [String], shape: [Int], type: ElementType,
    scale: Float, least: Float? = nil, greatest: Float? = nil, splits: [String: Int]? = nil
  ) {
    self.dataset = dataset
    self.identity = identity
    self.classes = classes
    self.shape = shape
    self.type = type
    self.scale = scale
    self.least = least
    self.greatest = greatest
    self.splits = splits
  }

  /// What a manifest says, of a dataset of `identity` whose elements are divided by `scale`.
  public init(_ manifest: Manifest, identity: String, scale: Float) {
    self.init(
      dataset: manifest.name, identity: identity, classes: manifest.classes,
      shape: manifest.sample.shape, type: manifest.sample.type, scale: scale,
      splits: Dictionary(
        uniqueKeysWithValues: manifest.splitNames.map { ($0, manifest.count(of: $0) ?? 0) }))
  }

  /// The number of elements of one sample; nil for a shape that no sample has. A stranger may have
  /// written it.
  public var sampleSize: Int? {
    var size = 1
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow, product <= Int(Int32.max) else { return nil }
      size = product
    }
    return shape.isEmpty ? nil : size
  }

  /// Whether the other samples are of the same dataset, and enter the network in the same way.
  public func isSameDataset(as other: RunData) -> Bool {
    identity == other.identity && scale == other.scale && classes == other.classes
      && shape == other.shape && type == other.type
  }

  /// What tells `other` from these samples, as far as both sides say it; one line each.
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
    for (name, count) in (splits ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let new = other.splits?[name] else { continue }
      add("split \(name.printable())", counted(count, "sample"), counted(new, "sample"))
    }
    return lines
  }
}
