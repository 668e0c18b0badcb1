import SkeinData

/// How the values of samples compare with those that a network was trained on.
public enum RangeVerdict: Sendable, Equatable {
  /// The values are like those of the training samples.
  case fits
  /// The values are unusual, but may be intended. The text is the warning.
  case odd(String)
  /// The values have another scale: what was expected, what was found, and what to do.
  case otherScale(expected: String, found: String, advice: String)
}

extension RunData {
  /// Compares samples with the training samples. The samples are of `type`, and their elements lie
  /// in `least`...`greatest` before any division.
  ///
  /// A network that was trained on bytes from 0 to 255 gives meaningless answers for floats from 0
  /// to 1, and the other way round. Nothing else shows the mistake. Only these samples are refused:
  ///
  /// - Floats within −1…1, where the trained values reach 16 or more.
  /// - Floats that reach at most a sixteenth of the trained values, where those are whole numbers
  ///   that reach 16 or more. Normalised samples look like this.
  /// - Values that reach 64 or more, where the trained values lie within −4…4.
  ///
  /// Values are odd in these cases: they lie outside the trained range by more than its width, they
  /// reach at most a sixteenth of the trained values, or some are clearly below 0 and no trained
  /// value was. Values that are all 0 tell nothing, and fit.
  ///
  /// Older runs do not know their trained range. Whole numbers are then taken to have had values
  /// from 0 to the scale that they were divided by, and nothing is said about floats.
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
      // Samples with values below 0 were shifted too, and no factor undoes a shift.
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

  /// Why the scale does not suit these samples; nil where it does, and where their range is not
  /// known.
  public var scaleHint: String? {
    guard let least, let greatest else { return nil }
    return ScaleHint.text(
      type: type, least: Double(least), greatest: Double(greatest), scale: Double(scale))
  }

  /// The range of the trained values, before the division; nil where it is not known.
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
