import SkeinRandom

/// A source that changes what another one gives: it says what is different, and all else is the
/// other one's.
public protocol SourceWrapper: SampleSource {
  /// The source behind it.
  var base: any SampleSource { get }
}

extension SourceWrapper {
  public var splitName: String? { base.splitName }
  public var count: Int { base.count }
  public var sampleShape: [Int] { base.sampleShape }
  public var target: TargetKind { base.target }
  public var elementType: ElementType { base.elementType }
  public var scale: Float { base.scale }

  public func order(
    batchSize: Int, dropLast: Bool, from generator: inout MersenneTwister
  ) -> EpochOrder {
    base.order(batchSize: batchSize, dropLast: dropLast, from: &generator)
  }

  public func read(_ rows: BatchRows, into memory: BatchMemory) throws {
    try base.read(rows, into: memory)
  }

  public func stored(_ row: Int) throws -> [Float] { try base.stored(row) }
}
