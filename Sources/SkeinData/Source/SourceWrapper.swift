import SkeinRandom

/// A source that changes what another one gives: it says what is different, and all else is the
/// other one's.
public protocol SourceWrapper: SampleSource {
  /// The source behind it.
  var base: any SampleSource { get }
}

extension SourceWrapper {
  /// The base's.
  public var splitName: String? { base.splitName }
  /// The base's.
  public var count: Int { base.count }
  /// The base's.
  public var sampleShape: [Int] { base.sampleShape }
  /// The base's.
  public var target: TargetKind { base.target }
  /// The base's.
  public var hasWeights: Bool { base.hasWeights }
  /// The base's.
  public var elementType: ElementType { base.elementType }
  /// The base's.
  public var scale: Float { base.scale }

  /// The base's order.
  public func order(
    batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
  ) -> EpochOrder {
    base.order(batchSize: batchSize, dropLast: dropLast, from: &generator)
  }

  /// Reads from the base, as it is.
  public func read(_ rows: BatchRows, into memory: BatchMemory) throws {
    try base.read(rows, into: memory)
  }

  /// The base's elements of sample `row`, undivided.
  public func stored(_ row: Int) throws -> [Float] { try base.stored(row) }
}
