import SkeinRandom

/// What the samples of a source are to be recognised as, or what is to be told of them.
public enum TargetKind: Sendable, Equatable {
  /// One of so many classes; a label is in 0..<count.
  case classes(Int)
  /// So many numbers, such as a price: a network has an output for each.
  case values(Int)

  /// How many outputs a network for such targets has: one per class, or one per value.
  public var outputs: Int {
    switch self {
    case .classes(let count), .values(let count): count
    }
  }
}

/// Where samples come from, in the form in which a network takes them.
///
/// A source owns how its elements are scaled, in which order an epoch uses the samples, and how
/// they are read. A trainer asks it for an epoch's order, and then for the rows of one slice after
/// the other, several workers at once. What changes one of these is a wrapper around another
/// source, as `Scaled` is.
public protocol SampleSource: Sendable {
  /// The split that it is, for messages; nil where it has no name.
  var splitName: String? { get }

  /// The number of samples.
  var count: Int { get }

  /// The dimensions of one sample, such as [28, 28].
  var sampleShape: [Int] { get }

  /// What a sample's target is.
  var target: TargetKind { get }

  /// Whether its samples have weights: how much each counts in the loss. By default false.
  var hasWeights: Bool { get }

  /// The type that the elements are stored in.
  var elementType: ElementType { get }

  /// What stored elements are divided by when they are read, finite and not 0.
  var scale: Float { get }

  /// The order in which an epoch uses the samples. A pure function of the generator's state: a run
  /// that goes on asks for the order of its epoch again.
  ///
  /// - Parameters:
  ///   - batchSize: samples of a batch, > 0.
  ///   - dropLast: whether a last batch smaller than the others is left out.
  ///   - generator: what the order is drawn from; as the order leaves it, the next epoch finds it.
  func order(
    batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
  ) -> EpochOrder

  /// Reads samples, their targets, and their weights where there is room for them. Each element is
  /// converted to Float and divided by `scale`.
  ///
  /// - Parameters:
  ///   - rows: Sample numbers in 0..<`count`, in any order, repeated as often as wanted. The rows
  ///     that come next may be brought nearer meanwhile.
  ///   - memory: Receives them, with exactly the room that they need.
  /// - Throws: where the samples cannot be had, as from a stream that broke off.
  func read(_ rows: BatchRows, into memory: BatchMemory) throws

  /// The elements of sample `row` as they are stored, undivided. For looking at single samples.
  ///
  /// - Precondition: 0 ≤ `row` < `count`.
  /// - Throws: as `read`.
  func stored(_ row: Int) throws -> [Float]
}

extension SampleSource {
  /// False: all samples count the same.
  public var hasWeights: Bool { false }

  /// All samples once, permuted as `torch.randperm` does it. O(count).
  public func order(
    batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
  ) -> EpochOrder {
    EpochOrder(count: count, batchSize: batchSize, dropLast: dropLast, from: &generator)
  }

  /// The number of elements of one sample: the product of `sampleShape`.
  public var sampleSize: Int { sampleShape.reduce(1, *) }

  /// The number of classes; 0 where targets are values.
  public var classCount: Int {
    if case .classes(let count) = target { count } else { 0 }
  }
}
