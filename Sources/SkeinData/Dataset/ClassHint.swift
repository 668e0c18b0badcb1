import SkeinFiles

/// Tells labels that seem to be quantities, such as prices or ages, from classes.
public enum ClassHint {
  /// Fewer classes are never taken for quantities: marks, digits and letters are often numbers.
  private static let fewestClasses = 20
  /// Classes that are meant as such have this many samples each, on average.
  private static let fewestSamples = 10

  /// What to say where labels look like quantities that were taken for classes: many classes that
  /// nobody named, with few samples each or with gaps between them. Nil where they do not.
  ///
  /// - Parameters:
  ///   - samplesPerClass: How many samples each class has.
  ///   - names: The names of the classes, "0", "1", … where they were only numbered.
  public static func quantities(samplesPerClass: [Int], names: [String]) -> String? {
    let used = samplesPerClass.filter { $0 > 0 }
    guard let least = used.min(), let most = used.max() else { return nil }
    let empty = samplesPerClass.count - used.count
    let samples = used.reduce(0, +)
    let areFew = samples < fewestSamples * used.count
    guard areNumbered(names), areFew || 10 * empty > names.count else { return nil }
    return text(
      "\(counted(names.count, "class", "classes")), \(empty) of them without a sample and the "
        + "others with \(least == most ? "\(least)" : "\(least) to \(most)")"
        + " (\(samples) samples in all)")
  }

  /// The same for a dataset of which only the counts are known.
  ///
  /// - Parameter samples: How many samples the split has that is trained on.
  public static func quantities(samples: Int, names: [String]) -> String? {
    guard areNumbered(names), samples / fewestSamples < names.count else { return nil }
    return text(
      "\(counted(names.count, "class", "classes")) for \(counted(samples, "sample")), "
        + "less than \(fewestSamples) each")
  }

  private static func areNumbered(_ names: [String]) -> Bool {
    names.count >= fewestClasses && names.enumerated().allSatisfy { $1 == String($0) }
  }

  private static func text(_ counts: String) -> String {
    "\(counts): these labels look like quantities. a network of classes learns to tell 100 "
      + "from 101, not that they are near each other. Pack quantities with --regression"
  }
}
