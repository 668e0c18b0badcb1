import SkeinFiles

/// Samples that come in order, so that a writer holds one shard at a time.
public protocol SampleStream {
  /// The number of samples in all.
  var count: Int { get }
  /// The dimensions and type of each.
  var sample: Manifest.Sample { get }
  /// How many values each sample has for a target; nil where it has a label. By default nil.
  var outputs: Int? { get }
  /// Whether each sample has a weight. By default false.
  var hasWeights: Bool { get }
  /// The stream's name in errors about its targets.
  var name: String { get }
  /// The stream's name in errors about its samples; by default the same.
  var sampleName: String { get }

  /// Writes the next samples, in the machine's byte order, their targets, and where samples have
  /// weights, those.
  ///
  /// - Parameters:
  ///   - samples: Receives as many samples of `sample` as there is room for, row-major.
  ///   - targets: Receives the target of each, a label or `outputs` values, and its weight.
  mutating func next(samples: UnsafeMutableRawBufferPointer, targets: TargetMemory) throws

  /// Called once behind the last sample: checks that the source ends there.
  mutating func finish() throws
}

extension SampleStream {
  /// `name`.
  public var sampleName: String { name }
  /// Nil: each sample has a label.
  public var outputs: Int? { nil }
  /// False: all samples count the same.
  public var hasWeights: Bool { false }
}

/// Samples in memory as a stream.
public struct SampleArray<Element: SampleElement>: SampleStream {
  /// The shape and type of every sample.
  public let sample: Manifest.Sample
  /// What errors call it.
  public let name: String
  /// How many samples there are.
  public let count: Int
  /// How many values each sample has for a target; nil where it has a label.
  public let outputs: Int?
  private let elements: [Element]
  /// Whether each sample has a weight.
  public var hasWeights: Bool { weights != nil }
  private let weights: [Float]?
  private let labels: [Int32]
  private let values: [Float]
  private var position = 0

  /// - Precondition: `elements` are `labels.count` samples of the shape `sampleShape`, and
  ///   `weights` are as many.
  public init(
    _ elements: [Element], sampleShape: [Int], labels: [Int32], weights: [Float]? = nil,
    name: String
  ) {
    require(weights?.count ?? labels.count == labels.count, "weights of other samples")
    let size = ArrayShape.product(sampleShape) ?? -1
    require(
      elements.count == size * labels.count,
      "\(elements.count) elements for \(labels.count) samples of \(sampleShape)")
    sample = Manifest.Sample(shape: sampleShape, type: Element.elementType)
    self.name = name
    self.elements = elements
    self.labels = labels
    self.weights = weights
    (values, outputs, count) = ([], nil, labels.count)
  }

  /// Samples with `outputs` values each.
  ///
  /// - Precondition: `values` are those of whole samples, `elements` are as many samples of the
  ///   shape `sampleShape`, and `weights` are as many.
  public init(
    _ elements: [Element], sampleShape: [Int], values: [Float], outputs: Int,
    weights: [Float]? = nil, name: String
  ) {
    let size = ArrayShape.product(sampleShape) ?? -1
    require(
      outputs > 0 && values.count % outputs == 0
        && elements.count == size * (values.count / outputs),
      "\(elements.count) elements and \(values.count) values for samples of \(sampleShape) with "
        + "\(outputs) values each")
    sample = Manifest.Sample(shape: sampleShape, type: Element.elementType)
    self.name = name
    self.elements = elements
    self.values = values
    self.outputs = outputs
    self.weights = weights
    (labels, count) = ([], values.count / outputs)
    require(weights?.count ?? count == count, "weights of other samples")
  }

  /// Copies the next samples. O(elements).
  public mutating func next(samples: UnsafeMutableRawBufferPointer, targets: TargetMemory) {
    let size = count == 0 ? 0 : elements.count / count
    let wanted: Int
    switch targets.kind {
    case .labels(let room):
      wanted = room.count
      for index in room.indices { room[index] = labels[position + index] }
    case .values(let room):
      let width = outputs ?? 1
      wanted = room.count / width
      for index in room.indices { room[index] = values[position * width + index] }
    }
    let rows = position..<(position + wanted)
    elements[(rows.lowerBound * size)..<(rows.upperBound * size)].withUnsafeBytes {
      samples.copyMemory(from: $0)
    }
    if let weights, let room = targets.weights {
      for index in room.indices { room[index] = weights[position + index] }
    }
    position = rows.upperBound
  }

  /// - Precondition: every sample was asked for.
  public func finish() {
    require(position == count, "\(count - position) samples were not asked for")
  }
}
