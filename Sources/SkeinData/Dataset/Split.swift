import SkeinFiles

/// One split of a dataset in memory, such as `train`, in the type that it is stored in.
///
/// Immutable. `@unchecked Sendable`: all stored properties are constants, and the buffer behind
/// `storage` is never written once a split exists.
public final class Split: SampleSource, @unchecked Sendable {
  /// The split's name in its dataset.
  public let name: String
  /// The number of samples.
  public let count: Int
  /// The dimensions of one sample, such as [28, 28]; each is above 0.
  public let sampleShape: [Int]
  /// The number of elements of one sample.
  public let sampleSize: Int
  /// How many classes its dataset has, which a label is below; 0 where targets are values.
  public let classCount: Int
  /// The split's name, for messages.
  public var splitName: String? { name }
  /// Classes, `classCount` of them, or values.
  public var target: TargetKind { targets.kind }
  /// Elements are read as they are stored; `scaled(by:)` divides them.
  public var scale: Float { 1 }
  /// Whether its samples have weights.
  public var hasWeights: Bool { weights != nil }
  /// The type that the elements are stored in.
  public var elementType: ElementType { storage.type }

  let storage: SampleStorage
  let targets: SplitTargets
  /// How much each sample counts in a loss; nil where all count the same.
  public let weights: [Float]?
  /// The files that it came from; nil for a split from memory, which never changes.
  public let origin: SplitOrigin?

  init(
    name: String, sampleShape: [Int], storage: SampleStorage, targets: SplitTargets,
    weights: [Float]? = nil, origin: SplitOrigin?
  ) {
    self.name = name
    self.sampleShape = sampleShape
    self.storage = storage
    self.targets = targets
    self.weights = weights
    self.origin = origin
    classCount = if case .classes(let count) = targets.kind { count } else { 0 }
    count = targets.count
    sampleSize = ArrayShape.product(sampleShape) ?? 0
    require(
      weights?.count ?? count == count
        && weights?.allSatisfy(SampleWeights.isSound) ?? true,
      "\(weights?.count ?? 0) weights, each finite and ≥ 0, for \(count) samples")
    require(
      ArrayShape.product([count, sampleSize, storage.type.size]) == storage.bytes.count,
      "\(count) samples of \(sampleShape) \(storage.type) in \(storage.bytes.count) bytes")
  }

  /// A split from memory, such as a test or a generator makes. O(elements), one copy.
  ///
  /// - Parameters:
  ///   - samples: All elements, sample after sample, row-major.
  ///   - labels: One label per sample, each in 0..<`classCount`.
  ///   - weights: How much each sample counts in a loss, finite and ≥ 0; nil for all the same.
  /// - Precondition: The shape has no dimension below 1, and `samples`, `labels` and `weights` fit
  ///   it.
  public convenience init<Element: SampleElement>(
    name: String, sampleShape: [Int], classCount: Int, samples: [Element], labels: [Int32],
    weights: [Float]? = nil
  ) {
    require(sampleShape.allSatisfy { $0 > 0 }, "sample shape \(sampleShape)")
    if let label = labels.first(where: { $0 < 0 || $0 >= classCount }) {
      misuse("label \(label) of \(classCount) classes")
    }
    self.init(
      name: name, sampleShape: sampleShape, storage: SampleStorage(copying: samples),
      targets: .labels(labels, classes: classCount), weights: weights, origin: nil)
  }

  /// Samples from memory whose targets are to be told. O(elements), one copy.
  ///
  /// - Parameter target: what kind of targets a network wants with them.
  /// - Precondition: The shape has no dimension below 1, and `samples` are whole samples.
  package convenience init<Element: SampleElement>(
    name: String, sampleShape: [Int], samples: [Element], unknown target: TargetKind
  ) {
    let size = max(ArrayShape.product(sampleShape) ?? 1, 1)
    self.init(
      name: name, sampleShape: sampleShape, storage: SampleStorage(copying: samples),
      targets: .unknown(target, count: samples.count / size), origin: nil)
  }

  /// The label of sample `row`, in 0..<`classCount`; −1 where the samples have no labels, and where
  /// targets are values.
  ///
  /// - Precondition: 0 ≤ `row` < `count`.
  public func label(at row: Int) -> Int32 {
    if case .labels(let labels, _) = targets { labels[row] } else { -1 }
  }

  /// The targets as memory, to tell splits apart by.
  func withTargetBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch targets {
    case .labels(let labels, _): labels.withUnsafeBytes(body)
    case .values(let storage, _): body(UnsafeRawBufferPointer(storage.bytes))
    }
  }
}
