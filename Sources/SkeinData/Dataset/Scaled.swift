import SkeinFiles

/// A split whose elements are divided by a number as they are read, as 255 makes bytes 0…1.
///
/// Dividing while converting costs nothing beside it: an element is read and written once.
public struct Scaled: SourceWrapper {
  /// The split behind it.
  public let split: Split
  /// What its elements are divided by, finite and not 0.
  public let scale: Float
  /// How targets are standardised that are values; nil where they are classes.
  public let values: ValueTargets?

  /// - Precondition: `scale` is finite and not 0, and `values` names as many outputs as the split
  ///   has.
  init(_ split: Split, by scale: Float, values: ValueTargets?) {
    require(scale.isFinite && scale != 0, "scale \(scale)")
    require(
      values?.count == split.valueTargets?.count,
      "targets \(values?.names ?? []) of a split with \(split.target)")
    self.split = split
    self.scale = scale
    self.values = values
  }

  /// The split behind it, as a source.
  public var base: any SampleSource { split }

  /// As `SampleSource.read`, with each element divided by `scale`, rounded once. O(elements).
  public func read(_ rows: BatchRows, into memory: BatchMemory) {
    split.read(rows, into: memory, scale: scale, values: values)
  }
}

extension Split {
  /// The same samples, each element divided by `scale` as it is read.
  ///
  /// - Parameter values: how targets are standardised that are values; nil for as their dataset
  ///   says. A run that is evaluated on other samples has its own.
  /// - Precondition: `scale` is finite and not 0, and `values` names as many outputs as there are.
  public func scaled(by scale: Float, values: ValueTargets? = nil) -> Scaled {
    Scaled(self, by: scale, values: values ?? valueTargets)
  }
}
