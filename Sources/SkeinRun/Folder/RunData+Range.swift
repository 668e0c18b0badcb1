import SkeinAutograd
import SkeinData

/// How the values of samples compare with those that a network was trained on.
public enum RangeVerdict: Sendable, Equatable {
  case fits
  /// Odd, but it may be meant: the warning.
  case odd(String)
  /// Another scale: what was expected, what was found, and what to do.
  case otherScale(expected: String, found: String, advice: String)
}

extension RunData {
  /// Judges samples of `type` with elements from `least` to `greatest`, before any division.
  ///
  /// A network that was trained on bytes from 0 to 255 and gets floats from 0 to 1, or the other
  /// way round, answers nonsense without any other sign. Nothing but that is refused: it takes
  /// trained values of 16 or more against floats within −1…1, trained whole numbers against floats
  /// that are a sixteenth as large, as normalised ones are, or trained values within −4…4 against
  /// some of 64 or more. Values that are all 0 tell nothing. Beyond twice the trained range they
  /// are odd, and so are those of a sixteenth of it, and values below 0 where none was trained on.
  ///
  /// Where the trained range isn't known, as in older runs, whole numbers are taken to have gone up
  /// to the scale that they were divided by.
  public func verdict(type: ElementType, least: Double, greatest: Double) -> RangeVerdict {
    guard let (low, high) = trainedRange, high >= low else { return .fits }
    let trained = max(abs(low), abs(high))
    let given = max(abs(least), abs(greatest))
    guard given > 0, trained > 0 else { return .fits }
    let (expected, found) = (Self.text(low, high), Self.text(least, greatest))
    let isFloat = type == .float32 || type == .float64
    let words = "values like those it was trained on, \(expected)"
    let isTiny = given <= trained / 16
    if isFloat && trained >= 16 && (given <= 1 || isTiny && self.type.isInteger) {
      // What has values below 0 was moved too, and no factor brings it back.
      let isDivided = given <= 1 && (least >= 0 || low < 0)
      return .otherScale(
        expected: words, found: "\(type.rawValue) \(found)",
        advice: (isDivided
          ? "multiply them by \(Self.text(trained))"
          : "prepare them as the training samples were") + ", or go on all the same with "
          + "--allow-changes")
    }
    if trained <= 4 && given >= 64 {
      return .otherScale(
        expected: words, found: "\(type.rawValue) \(found)",
        advice: "divide them by \(Self.text(given <= 255 ? 255 / trained : given / trained)), or "
          + "go on all the same with --allow-changes")
    }
    let span = high - low
    let isBelowZero = low >= 0 && least < -0.02 * span
    if greatest > high + span || least < low - span || isBelowZero {
      return .odd("values \(found), far beyond those it was trained on, \(expected)")
    }
    if isTiny {
      return .odd("values \(found), while it was trained on \(expected)")
    }
    return .fits
  }

  /// What is odd about the scale for these samples; nil where it fits, and where their range isn't
  /// known.
  public var scaleHint: String? {
    guard let least, let greatest else { return nil }
    return ScaleHint.text(
      type: type, least: Double(least), greatest: Double(greatest), scale: Double(scale))
  }

  private var trainedRange: (Double, Double)? {
    if let least, let greatest { return (Double(least), Double(greatest)) }
    let isFloat = type == .float32 || type == .float64
    return isFloat || scale < 1 ? nil : (0, Double(scale))
  }

  private static func text(_ low: Double, _ high: Double) -> String {
    "\(text(low))…\(text(high))"
  }

  private static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(Float(value))"
  }
}
