import SkeinFiles

/// Samples that come in order, so that a writer holds one shard at a time.
public protocol SampleStream {
  /// The number of samples in all.
  var count: Int { get }
  /// The dimensions and type of each.
  var sample: Manifest.Sample { get }
  /// The stream's name in errors about its labels.
  var name: String { get }
  /// The stream's name in errors about its samples; by default the same.
  var sampleName: String { get }

  /// Writes the next `labels.count` samples, in the machine's byte order, and their labels.
  ///
  /// - Parameters:
  ///   - samples: Receives `labels.count` samples of `sample`, row-major.
  ///   - labels: Receives one label each.
  mutating func next(
    samples: UnsafeMutableRawBufferPointer, labels: UnsafeMutableBufferPointer<Int32>) throws

  /// Called once behind the last sample: checks that the source ends there.
  mutating func finish() throws
}

extension SampleStream {
  /// `name`.
  public var sampleName: String { name }
}

/// Samples in memory as a stream.
public struct SampleArray<Element: SampleElement>: SampleStream {
  /// The shape and type of every sample.
  public let sample: Manifest.Sample
  /// What errors call it.
  public let name: String
  /// How many samples there are.
  public var count: Int { labels.count }
  private let elements: [Element]
  private let labels: [Int32]
  private var position = 0

  /// - Precondition: `elements` are `labels.count` samples of the shape `sampleShape`.
  public init(_ elements: [Element], sampleShape: [Int], labels: [Int32], name: String) {
    let size = ArrayShape.product(sampleShape) ?? -1
    require(
      elements.count == size * labels.count,
      "\(elements.count) elements for \(labels.count) samples of \(sampleShape)")
    sample = Manifest.Sample(shape: sampleShape, type: Element.elementType)
    self.name = name
    self.elements = elements
    self.labels = labels
  }

  /// Copies the next samples. O(elements).
  public mutating func next(
    samples: UnsafeMutableRawBufferPointer, labels target: UnsafeMutableBufferPointer<Int32>
  ) {
    let rows = position..<(position + target.count)
    let size = labels.isEmpty ? 0 : elements.count / labels.count
    elements[(rows.lowerBound * size)..<(rows.upperBound * size)].withUnsafeBytes {
      samples.copyMemory(from: $0)
    }
    for (index, row) in rows.enumerated() { target[index] = labels[row] }
    position = rows.upperBound
  }

  /// - Precondition: every sample was asked for.
  public func finish() {
    require(position == count, "\(count - position) samples were not asked for")
  }
}
