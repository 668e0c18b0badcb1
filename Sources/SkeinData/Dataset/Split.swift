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
  /// How many classes its dataset has; a label is below it.
  public let classCount: Int
  /// The split's name, for messages.
  public var splitName: String? { name }
  /// Classes, `classCount` of them.
  public var target: TargetKind { .classes(classCount) }
  /// Elements are read as they are stored; `scaled(by:)` divides them.
  public var scale: Float { 1 }
  /// The type that the elements are stored in.
  public var elementType: ElementType { storage.type }

  let storage: SampleStorage
  private let labels: [Int32]
  /// The files that it came from; nil for a split from memory, which never changes.
  public let origin: SplitOrigin?

  init(
    name: String, sampleShape: [Int], classCount: Int, storage: SampleStorage, labels: [Int32],
    origin: SplitOrigin?
  ) {
    self.name = name
    self.sampleShape = sampleShape
    self.classCount = classCount
    self.storage = storage
    self.labels = labels
    self.origin = origin
    count = labels.count
    sampleSize = ArrayShape.product(sampleShape) ?? 0
    require(
      ArrayShape.product([count, sampleSize, storage.type.size]) == storage.bytes.count,
      "\(count) samples of \(sampleShape) \(storage.type) in \(storage.bytes.count) bytes")
  }

  /// A split from memory, such as a test or a generator makes. O(elements), one copy.
  ///
  /// - Parameters:
  ///   - samples: All elements, sample after sample, row-major.
  ///   - labels: One label per sample, each in 0..<`classCount`.
  /// - Precondition: The shape has no dimension below 1, and `samples` and `labels` fit it.
  public convenience init<Element: SampleElement>(
    name: String, sampleShape: [Int], classCount: Int, samples: [Element], labels: [Int32]
  ) {
    require(sampleShape.allSatisfy { $0 > 0 }, "sample shape \(sampleShape)")
    if let label = labels.first(where: { $0 < 0 || $0 >= classCount }) {
      misuse("label \(label) of \(classCount) classes")
    }
    self.init(
      name: name, sampleShape: sampleShape, classCount: classCount,
      storage: SampleStorage(copying: samples), labels: labels, origin: nil)
  }

  /// The label of sample `row`, in 0..<`classCount`; −1 where the samples have no labels.
  ///
  /// - Precondition: 0 ≤ `row` < `count`.
  public func label(at row: Int) -> Int32 {
    labels[row]
  }

  /// The labels as memory, for the copies that `read` makes.
  func withLabels<Result>(_ body: (UnsafeBufferPointer<Int32>) -> Result) -> Result {
    labels.withUnsafeBufferPointer(body)
  }
}
