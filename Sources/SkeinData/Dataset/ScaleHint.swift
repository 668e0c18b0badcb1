/// Tells a scale that leaves the samples far from 0…1, where networks learn.
public enum ScaleHint {
  /// Whole numbers may be marks and counts, so a few more than 1 are no mistake.
  private static let greatestWhole = 16.0
  /// Numbers that somebody has standardised go up to a few tens.
  private static let greatestFloat = 100.0
  /// The first layer hardly sees what is smaller.
  private static let leastUseful = 0.02

  /// What to say of samples with elements from `least` to `greatest`, each divided by `scale` on
  /// its way into the network; nil where they fit, and where all are 0.
  ///
  /// - Parameters:
  ///   - type: What the elements are stored as.
  ///   - scale: The job's `data.scale`, above 0.
  public static func text(
    type: ElementType, least: Double, greatest: Double, scale: Double
  ) -> String? {
    let size = max(abs(least), abs(greatest))
    let largest = size / scale
    let limit = type.isInteger ? greatestWhole : greatestFloat
    guard size > 0, largest > limit || largest < leastUseful else { return nil }
    let name = type == .uint8 ? "bytes" : "\(type.rawValue) numbers"
    let isPhoto = type == .uint8 && largest > limit && size / 255 >= leastUseful
    let better = isPhoto ? 255 : size
    return "the samples are \(name) from \(short(least)) to \(short(greatest)) and data.scale is "
      + "\(short(scale)), so the network gets values up to \(short(largest)) in size; it learns "
      + "from values near 0…1: set data.scale to \(short(better))"
  }

  private static func short(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(Float(value))"
  }
}
