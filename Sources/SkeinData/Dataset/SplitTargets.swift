/// The targets of a split in memory, as its dataset has them.
enum SplitTargets: Sendable {
  /// A label per sample; below the number of classes.
  case labels([Int32], classes: Int)
  /// As many Floats per sample as there are outputs, not standardised.
  case values(SampleStorage, ValueTargets)

  /// Targets of `count` samples that nobody knows: labels of −1, or values of 0.
  static func unknown(_ kind: TargetKind, count: Int) -> SplitTargets {
    switch kind {
    case .classes(let classes):
      .labels([Int32](repeating: -1, count: count), classes: classes)
    case .values(let outputs):
      .values(
        SampleStorage(copying: [Float](repeating: 0, count: count * outputs)),
        ValueTargets(names: (0..<outputs).map(ValueTargets.name)))
    }
  }

  /// What they are.
  var kind: TargetKind {
    switch self {
    case .labels(_, let classes): .classes(classes)
    case .values(_, let targets): .values(targets.count)
    }
  }

  /// How many samples there are.
  var count: Int {
    switch self {
    case .labels(let labels, _): labels.count
    case .values(let storage, let targets):
      storage.bytes.count / (4 * max(targets.count, 1))
    }
  }
}

extension SampleStorage {
  /// The elements, which are Floats.
  var floats: UnsafeMutableBufferPointer<Float> { bytes.assumingMemoryBound(to: Float.self) }
}
