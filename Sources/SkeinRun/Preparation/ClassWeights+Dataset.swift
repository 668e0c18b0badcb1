import SkeinData
import SkeinModel

extension LossOptions.ClassWeights {
  /// A weight for each class of `manifest`, where some are named; `balanced` stays, until the
  /// labels are known.
  ///
  /// - Throws: `JobTargetError` for values, for another number of classes, and for a class that the
  ///   dataset does not have.
  func listed(for manifest: Manifest) throws(JobTargetError) -> Self {
    func error(_ fault: JobTargetError.Fault, _ value: String = "") -> JobTargetError {
      JobTargetError(fault, key: "loss", value: value, manifest: manifest)
    }
    if manifest.targets != nil { throw error(.weightsOfValues) }
    let classes = manifest.classes
    switch self {
    case .balanced: return self
    case .each(let weights):
      guard weights.count == classes.count else { throw error(.weightCount(weights.count)) }
      return self
    case .named(let weights):
      let unknown = weights.keys.filter { !classes.contains($0) }.min()
      if let unknown { throw error(.unknownClass, unknown) }
      return .each(classes.map { weights[$0] ?? 1 })
    }
  }

  /// Weights in inverse proportion to how often a class occurs: n / (C · n[c]) for n labels, n[c]
  /// of them of class c, and C classes. A class that does not occur has 1, which no sample asks
  /// for. O(labels).
  static func balanced(_ labels: some Sequence<Int32>, classes: Int) -> Self {
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[Int(label)] += 1 }
    let all = Double(counts.reduce(0, +))
    return .each(counts.map { $0 == 0 ? 1 : Float(all / (Double(classes) * Double($0))) })
  }
}
