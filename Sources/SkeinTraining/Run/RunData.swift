import SkeinData

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
  /// The least and the greatest element of the training split, before the division; nil where they
  /// are not known, as in runs of the first edition.
  public var least: Float?
  public var greatest: Float?

  public init(
    dataset: String, identity: String, classes: [String], shape: [Int], type: ElementType,
    scale: Float, least: Float? = nil, greatest: Float? = nil
  ) {
    self.dataset = dataset
    self.identity = identity
    self.classes = classes
    self.shape = shape
    self.type = type
    self.scale = scale
    self.least = least
    self.greatest = greatest
  }
}
