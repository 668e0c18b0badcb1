import SkeinFiles

/// A split whose elements are divided by a number as they are read, as 255 makes bytes 0…1.
///
/// Dividing while converting costs nothing beside it: an element is read and written once.
public struct Scaled: SourceWrapper {
  /// The split behind it.
  public let split: Split
  /// What its elements are divided by, finite and not 0.
  public let scale: Float

  /// - Precondition: `scale` is finite and not 0.
  init(_ split: Split, by scale: Float) {
    require(scale.isFinite && scale != 0, "scale \(scale)")
    self.split = split
    self.scale = scale
  }

  /// The split behind it, as a source.
  public var base: any SampleSource { split }

  /// As `SampleSource.read`, with each element divided by `scale`, rounded once. O(elements).
  public func read(_ rows: BatchRows, into memory: BatchMemory) {
    split.read(rows, into: memory, scale: scale)
  }
}

extension Split {
  /// The same samples, each element divided by `scale` as it is read.
  ///
  /// - Precondition: `scale` is finite and not 0.
  public func scaled(by scale: Float) -> Scaled { Scaled(self, by: scale) }
}
