/// What an epoch was, in one line of 80 columns:
///
///     epoch 10/10  loss 0.0044, test 0.2593  accuracy 100.0 %, test 93.8 %  265 k/s
///
/// The unit of the speed gets shorter where the line would be wider than the terminal; on a narrow
/// one the line breaks between its parts.
public struct EpochLine: Sendable, Equatable {
  /// The epoch, from 1.
  public var epoch: Int
  public var epochs: Int
  public var trainLoss: Double
  public var trainAccuracy: Double
  /// Nil where nothing was evaluated.
  public var testLoss: Double?
  public var testAccuracy: Double?
  public var samplesPerSecond: Double

  public init(
    epoch: Int, epochs: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double?,
    testAccuracy: Double?, samplesPerSecond: Double
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.samplesPerSecond = samplesPerSecond
  }

  /// The line, or lines, each in at most `width` columns for widths from 20 on.
  public func text(width: Int) -> String {
    let loss =
      ["loss \(NumberFormat.loss(trainLoss))"]
      + (testLoss.map { ["test \(NumberFormat.loss($0))"] } ?? [])
    let accuracy =
      ["accuracy \(Self.percent(trainAccuracy))"]
      + (testAccuracy.map { ["test \(Self.percent($0))"] } ?? [])
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

  /// Groups in as few lines as hold them; a group that is wider than a line is broken at commas.
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
  /// A loss with four decimals, and one beyond a million in three digits: a run that diverges must
  /// not fill its lines with zeros.
  static func loss(_ value: Double) -> String {
    abs(value) < 1e6 ? decimal(value, 4) : short(value)
  }

  /// 950, 81 k, 1.2 M; nothing for what is no speed.
  static func speed(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "" }
    for (unit, factor) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where value >= factor {
      return decimal(value / factor, value < 10 * factor ? 1 : 0) + " \(unit)"
    }
    return decimal(value, 0)
  }
}
