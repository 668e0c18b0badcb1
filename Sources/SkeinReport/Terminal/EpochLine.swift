/// The results of an epoch, in one line of 80 columns:
///
///     epoch 10/10  loss 0.0044, test 0.2593  accuracy 100.0 %, test 93.8 %  265 k/s
///
/// Where targets are values, the mean absolute error stands in the accuracy's place.
///
/// On a narrower terminal the unit of the speed gets shorter. If that is not enough, the line
/// breaks between its parts.
public struct EpochLine: Sendable, Equatable {
  /// The epoch, from 1.
  public var epoch: Int
  /// How many epochs the run has.
  public var epochs: Int
  /// The mean loss over the training samples.
  public var trainLoss: Double
  /// The share of training samples that were recognised, 0…1; nil where targets are values.
  public var trainAccuracy: Double?
  /// The mean absolute error of the training samples; nil where targets are classes.
  public var trainError: Double?
  /// The mean loss over the validation samples; nil where there are none.
  public var validationLoss: Double?
  /// The share of the validation samples that is recognised, 0…1; nil where there are none.
  public var validationAccuracy: Double?
  /// The mean absolute error of the validation samples; nil where there are none.
  public var validationError: Double?
  /// The mean loss over the test split; nil where nothing was evaluated.
  public var testLoss: Double?
  /// The share of the test split that is recognised, 0…1; nil where nothing was evaluated.
  public var testAccuracy: Double?
  /// The mean absolute error of the test split; nil where nothing was evaluated.
  public var testError: Double?
  /// Training samples per second.
  public var samplesPerSecond: Double

  /// Sets every property. Nothing is checked.
  public init(
    epoch: Int, epochs: Int, trainLoss: Double, trainAccuracy: Double?,
    trainError: Double? = nil, validationLoss: Double? = nil, validationAccuracy: Double? = nil,
    validationError: Double? = nil, testLoss: Double?, testAccuracy: Double?,
    testError: Double? = nil,
    samplesPerSecond: Double
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.trainError = trainError
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.validationError = validationError
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.testError = testError
    self.samplesPerSecond = samplesPerSecond
  }

  /// The line, or lines. Each has at most `width` columns, for widths from 20 on.
  public func text(width: Int) -> String {
    let loss =
      ["loss \(NumberFormat.loss(trainLoss))"]
      + heldOut(validationLoss, testLoss, NumberFormat.loss)
    let accuracy =
      trainAccuracy.map { train in
        ["accuracy \(Self.percent(train))"]
          + heldOut(validationAccuracy, testAccuracy, Self.percent)
      }
      ?? (trainError.map { ["error \(NumberFormat.value($0))"] } ?? [])
      + heldOut(validationError, testError, NumberFormat.value)
    let head = "epoch \(epoch)/\(epochs)"
    let speed = NumberFormat.speed(samplesPerSecond)
    let groups = [[head], loss, accuracy]
    let whole = groups.map { $0.joined(separator: ", ") }
    for unit in [" samples/s", "/s"] {
      let line = (whole + [speed + unit]).joined(separator: "  ")
      if line.count <= width { return line }
    }
    return Self.filled(groups + [[speed + "/s"]], width)
  }

  /// What is said of samples that are not trained on: the validation samples where there are some.
  /// Whoever looks at the test split every epoch begins to choose by it.
  private func heldOut(
    _ validation: Double?, _ test: Double?, _ text: (Double) -> String
  ) -> [String] {
    validation.map { ["validation \(text($0))"] } ?? test.map { ["test \(text($0))"] } ?? []
  }

  /// The groups in as few lines as hold them. A group that is wider than a line is broken at its
  /// commas.
  private static func filled(_ groups: [[String]], _ width: Int) -> String {
    var lines: [String] = []
    var current = ""
    for group in groups {
      let whole = group.joined(separator: ", ")
      let parts = 2 + whole.count <= width ? [whole] : group
      for part in parts {
        if current.isEmpty {
          current = part
        } else if current.count + 2 + part.count <= width {
          current += "  " + part
        } else {
          lines.append(current)
          current = "  " + part
        }
      }
    }
    return (lines + [current]).joined(separator: "\n")
  }

  private static func percent(_ share: Double) -> String {
    NumberFormat.decimal(share * 100, 1) + " %"
  }
}

extension NumberFormat {
  /// A loss with four decimals, or in three digits from a million on, so that the lines of a
  /// diverging run stay short.
  static func loss(_ value: Double) -> String {
    abs(value) < 1e6 ? decimal(value, 4) : short(value)
  }

  /// A speed as 950, 81 k or 1.2 M; empty for a number that is no speed.
  static func speed(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "" }
    for (unit, factor) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where value >= factor {
      return decimal(value / factor, value < 10 * factor ? 1 : 0) + " \(unit)"
    }
    return decimal(value, 0)
  }
}
