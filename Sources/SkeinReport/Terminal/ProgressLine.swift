/// The line that shows the progress of a run: the epoch, a bar over the epoch's steps, loss,
/// accuracy, speed, and the time left.
///
///     epoch 3/10  ███████▌·······  loss 0.1633  accuracy 95.5 %  0:12 left  81 k/s
///
/// On a terminal that is wide enough the unit of the speed is longer, as it is in `EpochLine`.
public struct ProgressLine: Sendable, Equatable {
  /// What the terminal can show.
  public struct Style: Sendable, Equatable {
    /// Whether it can show block characters. Otherwise the bar is made of `#` and `.`.
    public var hasBlocks: Bool
    /// Whether it can show colours.
    public var hasColour: Bool

    /// - Parameters:
    ///   - hasBlocks: whether the terminal can show block characters.
    ///   - hasColour: whether it can show colours.
    public init(hasBlocks: Bool = true, hasColour: Bool = true) {
      self.hasBlocks = hasBlocks
      self.hasColour = hasColour
    }
  }

  /// The current epoch, from 1.
  public var epoch: Int
  /// How many epochs the run has.
  public var epochs: Int
  /// Steps done in this epoch.
  public var batch: Int
  /// How many steps this epoch has.
  public var batches: Int
  /// The mean loss over the epoch so far.
  public var loss: Double
  /// The share of samples that were recognised in the epoch so far, 0…1; nil where targets are
  /// values.
  public var accuracy: Double?
  /// The mean absolute error over the epoch so far; nil where targets are classes.
  public var error: Double?
  /// Training samples per second; NaN while nothing is known.
  public var samplesPerSecond: Double
  /// Seconds until the last epoch is done; nil while nothing is known.
  public var secondsLeft: Double?

  /// Sets every property. Nothing is checked.
  public init(
    epoch: Int, epochs: Int, batch: Int, batches: Int, loss: Double, accuracy: Double?,
    error: Double? = nil, samplesPerSecond: Double, secondsLeft: Double?
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.batch = batch
    self.batches = batches
    self.loss = loss
    self.accuracy = accuracy
    self.error = error
    self.samplesPerSecond = samplesPerSecond
    self.secondsLeft = secondsLeft
  }

  /// The line, in at most `width` columns.
  ///
  /// Parts that do not fit are left out, the least important first. The bar takes the columns that
  /// are left, up to 30.
  public func text(width: Int, style: Style = Style()) -> String {
    let heads = ["epoch \(epoch)/\(epochs)", "\(epoch)/\(epochs)", "\(epoch)"]
    guard let head = heads.first(where: { $0.count <= width }) else { return "" }
    let speed = NumberFormat.speed(samplesPerSecond)
    let unit = width < 90 ? "/s" : " samples/s"
    let parts = [
      "loss \(NumberFormat.loss(loss))",
      accuracy.map { "accuracy \(NumberFormat.decimal($0 * 100, 1)) %" }
        ?? error.map { "error \(NumberFormat.value($0))" },
      secondsLeft.map { "\(Self.clock($0)) left" }, speed.isEmpty ? nil : speed + unit,
    ].compactMap { $0 }
    var shown: [String] = []
    // 6 columns for the shortest bar, and 2 for the gap before it.
    var room = width - head.count - 2 - 6
    for part in parts where part.count + 2 <= room {
      shown.append(part)
      room -= part.count + 2
    }
    guard room >= 0 else { return head }
    let bar = bar(width: min(30, 6 + room), style)
    return ([head, bar] + shown).joined(separator: "  ")
  }

  private func bar(width: Int, _ style: Style) -> String {
    let share = batches > 0 ? min(1, max(0, Double(batch) / Double(batches))) : 0
    guard style.hasBlocks else {
      let full = Int(share * Double(width))
      return String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
    }
    let eighths = Int(share * Double(width * 8))
    let (full, rest) = eighths.quotientAndRemainder(dividingBy: 8)
    var bar = String(repeating: "█", count: full)
    if rest > 0 { bar.append(Array("▏▎▍▌▋▊▉")[rest - 1]) }
    let empty = String(repeating: "·", count: width - full - (rest > 0 ? 1 : 0))
    guard style.hasColour else { return bar + empty }
    return "\u{1B}[34m\(bar)\u{1B}[39m\u{1B}[2m\(empty)\u{1B}[22m"
  }

  /// `seconds` as 0:12, 3:05 or 2:00:10.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds.isFinite ? seconds : 0, 0), 359_999).rounded(.up))
    let (hours, rest) = whole.quotientAndRemainder(dividingBy: 3600)
    let (minutes, last) = rest.quotientAndRemainder(dividingBy: 60)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(last))" : "\(minutes):\(two(last))"
  }
}
